"""Who came in a period, and who has not: "has not visited for eight weeks" (row 46)."""

from dataclasses import dataclass
from typing import ClassVar

from loyalty.domain.filters.base import Entry, FormField, Known, Missing, Said
from loyalty.domain.filters.condition import Condition, Not, VisitsAtLeast
from loyalty.domain.filters.period import Period


@dataclass(frozen=True, slots=True)
class LastVisit:
    """Whether there was a visit in the period; who never came has not come in it either."""

    has_visited: bool
    period: Period
    kind: ClassVar[str] = "last_visit"
    title: ClassVar[str] = "Last visit"
    form: ClassVar[tuple[FormField, ...]] = (
        FormField("has_visited", Entry.YES_NO, "Has visited|Has not visited"),
        FormField("period", Entry.PERIOD, "When"),
    )

    def said(self) -> Said:
        text = "Has visited, {period}" if self.has_visited else "Has not visited, {period}"
        return Said(text, {"period": self.period})

    def missing(self, known: Known) -> tuple[Missing, ...]:  # noqa: ARG002
        return ()

    def condition(self, known: Known) -> Condition:  # noqa: ARG002
        came = VisitsAtLeast(1, self.period)
        return came if self.has_visited else Not(came)
