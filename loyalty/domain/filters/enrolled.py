"""Who takes part in the programme (row 63)."""

from dataclasses import dataclass
from typing import ClassVar

from loyalty.domain.filters.base import Entry, FormField, Known, Missing, Said
from loyalty.domain.filters.condition import Condition, MomentFact, MomentIn, Not
from loyalty.domain.filters.period import ALWAYS


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Whether there is a loyalty account."""

    is_enrolled: bool = True
    kind: ClassVar[str] = "enrolled"
    title: ClassVar[str] = "Loyalty programme"
    form: ClassVar[tuple[FormField, ...]] = (FormField("is_enrolled", Entry.YES_NO, "Enrolled|Not enrolled"),)

    def said(self) -> Said:
        return Said("Enrolled in the programme" if self.is_enrolled else "Not enrolled in the programme")

    def missing(self, known: Known) -> tuple[Missing, ...]:  # noqa: ARG002
        return ()

    def condition(self, known: Known) -> Condition:  # noqa: ARG002
        enrolled = MomentIn(MomentFact.ENROLLED, ALWAYS)
        return enrolled if self.is_enrolled else Not(enrolled)
