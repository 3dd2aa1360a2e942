"""How many points somebody has."""

from dataclasses import dataclass
from typing import ClassVar

from loyalty.domain.filters.base import Entry, FormField, Known, Missing, Said
from loyalty.domain.filters.comparator import Comparator
from loyalty.domain.filters.condition import Condition, NumberFact, NumberIs
from loyalty.errors import InvalidValueError

MAX_POINTS = 10**9


@dataclass(frozen=True, slots=True)
class PointsBalance:
    """The balance of the account; nobody without one."""

    comparator: Comparator
    points: int
    kind: ClassVar[str] = "points"
    title: ClassVar[str] = "Points"
    form: ClassVar[tuple[FormField, ...]] = (
        FormField("comparator", Entry.COMPARATOR, "Balance"),
        FormField("points", Entry.POINTS, "Points"),
    )

    def __post_init__(self) -> None:
        if abs(self.points) > MAX_POINTS:
            raise InvalidValueError("that many points nobody has", points=self.points)

    def said(self) -> Said:
        return Said("Points: {compared} {count}", {"compared": self.comparator, "count": self.points})

    def missing(self, known: Known) -> tuple[Missing, ...]:  # noqa: ARG002
        return ()

    def condition(self, known: Known) -> Condition:  # noqa: ARG002
        return NumberIs(NumberFact.BALANCE, self.comparator, self.points)
