"""Who came to which place of the shop (row 4)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from loyalty.domain.filters.base import Entry, FormField, Known, Missing, Named, Noun, Said
from loyalty.domain.filters.condition import Condition, Not, VisitedPlace
from loyalty.domain.filters.period import ALWAYS, Period
from loyalty.errors import InvalidValueError


@dataclass(frozen=True, slots=True)
class Places:
    """A visit at one of these lanes, or at none of them."""

    lane_ids: frozenset[UUID]
    period: Period = ALWAYS
    has_visited: bool = True
    kind: ClassVar[str] = "places"
    title: ClassVar[str] = "Place visited"
    form: ClassVar[tuple[FormField, ...]] = (
        FormField("has_visited", Entry.YES_NO, "Has visited|Has not visited"),
        FormField("lane_ids", Entry.LANES, "Places"),
        FormField("period", Entry.PERIOD, "When"),
    )

    def __post_init__(self) -> None:
        if not self.lane_ids:
            raise InvalidValueError("nothing is chosen")

    def said(self) -> Said:
        text = "Visited {names}, {period}" if self.has_visited else "Has not visited {names}, {period}"
        return Said(text, {"names": Named(Noun.LANE, self.lane_ids), "period": self.period})

    def missing(self, known: Known) -> tuple[Missing, ...]:
        return known.missing_of(Noun.LANE, self.lane_ids)

    def condition(self, known: Known) -> Condition:  # noqa: ARG002
        has = VisitedPlace(self.lane_ids, self.period)
        return has if self.has_visited else Not(has)
