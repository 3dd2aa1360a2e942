"""How often somebody came, within a period (rows 5, 58-62)."""

from dataclasses import dataclass
from typing import ClassVar

from loyalty.domain.filters.base import Entry, FormField, Known, Missing, Said
from loyalty.domain.filters.comparator import Comparator
from loyalty.domain.filters.condition import EVERYBODY, AllOf, Condition, Not, VisitsAtLeast
from loyalty.domain.filters.period import ALWAYS, Period
from loyalty.errors import InvalidValueError

MAX_VISITS = 100_000


@dataclass(frozen=True, slots=True)
class Visits:
    """Number of visits in the period, compared with ``visits``."""

    comparator: Comparator
    visits: int
    period: Period = ALWAYS
    kind: ClassVar[str] = "visits"
    title: ClassVar[str] = "Number of visits"
    form: ClassVar[tuple[FormField, ...]] = (
        FormField("comparator", Entry.COMPARATOR, "Visits"),
        FormField("visits", Entry.COUNT, "How many"),
        FormField("period", Entry.PERIOD, "When"),
    )

    def __post_init__(self) -> None:
        if not 0 <= self.visits <= MAX_VISITS:
            raise InvalidValueError("a number of visits is zero or more", visits=self.visits)

    def said(self) -> Said:
        params = {"compared": self.comparator, "count": self.visits, "period": self.period}
        return Said("Visits: {compared} {count}, {period}", params)

    def missing(self, known: Known) -> tuple[Missing, ...]:  # noqa: ARG002
        return ()

    def condition(self, known: Known) -> Condition:  # noqa: ARG002
        match self.comparator:
            case Comparator.AT_LEAST:
                return self._at_least(self.visits)
            case Comparator.MORE_THAN:
                return self._at_least(self.visits + 1)
            case Comparator.AT_MOST:
                return Not(self._at_least(self.visits + 1))
            case Comparator.LESS_THAN:
                return Not(self._at_least(self.visits))
            case Comparator.EXACTLY:
                return AllOf((self._at_least(self.visits), Not(self._at_least(self.visits + 1))))

    def _at_least(self, number: int) -> Condition:
        return VisitsAtLeast(number, self.period) if number > 0 else EVERYBODY
