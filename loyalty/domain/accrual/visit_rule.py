"""Points for a visit whose spending passes a minimum (rows 128, 129, X5)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from loyalty.domain.accrual.base import AccrualBase, Accrued, TaxMode
from loyalty.domain.accrual.exclusions import in_order, spending
from loyalty.domain.why import Why, WhyCode
from loyalty.errors import InvalidValueError


class Boundary(StrEnum):
    """Whether spending exactly the minimum is enough. "More than $5" is the default (X5)."""

    MORE_THAN = "more_than"
    AT_LEAST = "at_least"


@dataclass(frozen=True, slots=True)
class VisitRule:
    """``points`` for each sale in which more than ``minimum_minor`` is spent, once a sale.

    Excluded items do not count towards the minimum, and a sale of nothing else is no qualifying visit.
    """

    points: int = 1
    minimum_minor: int = 0
    boundary: Boundary = Boundary.MORE_THAN
    tax_mode: TaxMode = TaxMode.BEFORE_TAX
    excluded_item_ids: tuple[UUID, ...] = ()
    excluded_category_ids: tuple[UUID, ...] = ()
    kind: ClassVar[str] = "visit"

    def __post_init__(self) -> None:
        if self.points <= 0:
            raise InvalidValueError("a visit earns more than zero points", points=self.points)
        if self.minimum_minor < 0:
            raise InvalidValueError("a minimum is zero or more", minimum_minor=self.minimum_minor)
        object.__setattr__(self, "excluded_item_ids", in_order(self.excluded_item_ids))
        object.__setattr__(self, "excluded_category_ids", in_order(self.excluded_category_ids))

    def accrue(self, base: AccrualBase) -> Accrued:
        """The points that a sale of this base earns: ``points`` or none."""
        spent = spending(base, self.tax_mode, self.excluded_item_ids, self.excluded_category_ids)
        has_bought = bool(spent.lines) or base.knows_no_items
        points = self.points if has_bought and self._is_enough(spent.amount_minor) else 0
        params: dict[str, int | str] = {
            "base_minor": spent.amount_minor,
            "minimum_minor": self.minimum_minor,
            "boundary": self.boundary.value,
            "rule_version": base.rule_version,
            "tax_mode": self.tax_mode.value,
        }
        why = Why(WhyCode.NO_POINTS_BELOW_MINIMUM, params)
        if points:
            why = Why(WhyCode.POINTS_BY_VISIT, {"points": points, **params})
        return Accrued(points, (why, *spent.why(base.rule_version)))

    def _is_enough(self, spent_minor: int) -> bool:
        if self.boundary is Boundary.AT_LEAST:
            return spent_minor >= self.minimum_minor
        return spent_minor > self.minimum_minor
