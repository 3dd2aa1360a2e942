"""New customers: whose first visit lies in a period."""

from dataclasses import dataclass
from typing import ClassVar

from loyalty.domain.filters.base import Entry, FormField, Known, Missing, Said
from loyalty.domain.filters.condition import Condition, MomentFact, MomentIn
from loyalty.domain.filters.period import Period


@dataclass(frozen=True, slots=True)
class FirstVisit:
    """When somebody came for the first time."""

    period: Period
    kind: ClassVar[str] = "first_visit"
    title: ClassVar[str] = "First visit"
    form: ClassVar[tuple[FormField, ...]] = (FormField("period", Entry.PERIOD, "When"),)

    def said(self) -> Said:
        return Said("First visit: {period}", {"period": self.period})

    def missing(self, known: Known) -> tuple[Missing, ...]:  # noqa: ARG002
        return ()

    def condition(self, known: Known) -> Condition:  # noqa: ARG002
        return MomentIn(MomentFact.FIRST_VISIT, self.period)
