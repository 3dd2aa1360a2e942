"""Filters that hold together, as data: stored, sent, read again (row 44)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from loyalty.domain.filters.base import Filter, Known, Missing
from loyalty.domain.filters.condition import NOBODY, AllOf, Condition
from loyalty.domain.filters.registry import FILTERS
from loyalty.domain.parameters import from_parameters, to_parameters
from loyalty.errors import InvalidValueError

FILTERS_VERSION = 1
MAX_FILTERS = 30


@dataclass(frozen=True, slots=True)
class FilterSet:
    """All of these at once; without any it holds everybody whom the directory shows."""

    filters: tuple[Filter, ...] = ()

    def __post_init__(self) -> None:
        if len(self.filters) > MAX_FILTERS:
            raise InvalidValueError(f"there are at most {MAX_FILTERS} filters at once")

    def missing(self, known: Known) -> tuple[Missing, ...]:
        """What the filters name and the shop has no more."""
        return tuple(each for one in self.filters for each in one.missing(known))

    def condition(self, known: Known) -> Condition:
        """True of nobody while a filter names something that is gone: never of everybody by accident."""
        if self.missing(known):
            return NOBODY
        return AllOf(tuple(each.condition(known) for each in self.filters))


def filters_to_json(filters: FilterSet) -> dict[str, Any]:
    """``{"v": 1, "all": [{"kind": …}, …]}``."""
    return {"v": FILTERS_VERSION, "all": [to_parameters(each) for each in filters.filters]}


def filters_from_json(value: Mapping[str, Any]) -> FilterSet:
    """The filters that ``filters_to_json`` gave.

    Raises:
        InvalidValueError: The version, a kind or a parameter is unknown or wrong.
    """
    each = value.get("all")
    if value.get("v") != FILTERS_VERSION or not isinstance(each, list):
        raise InvalidValueError(f"filters of version {value.get('v')!r} are unknown", known=FILTERS_VERSION)
    return FilterSet(tuple(_filter(one) for one in each))


def _filter(value: Any) -> Filter:
    if not isinstance(value, Mapping):
        raise InvalidValueError("a filter is an object with a kind")
    found: Filter = from_parameters(FILTERS, value)
    return found
