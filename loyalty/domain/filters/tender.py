"""How somebody paid (row 4)."""

from dataclasses import dataclass
from typing import ClassVar

from loyalty.domain.filters.base import Entry, FormField, Known, Missing, Said
from loyalty.domain.filters.condition import Condition, PaidWith
from loyalty.domain.filters.period import ALWAYS, Period
from loyalty.domain.sale import TenderKind
from loyalty.errors import InvalidValueError


@dataclass(frozen=True, slots=True)
class Tenders:
    """A purchase was paid in one of these ways, wholly or in part."""

    tenders: frozenset[TenderKind]
    period: Period = ALWAYS
    kind: ClassVar[str] = "tender"
    title: ClassVar[str] = "Way of paying"
    form: ClassVar[tuple[FormField, ...]] = (
        FormField("tenders", Entry.TENDERS, "Paid with"),
        FormField("period", Entry.PERIOD, "When"),
    )

    def __post_init__(self) -> None:
        if not self.tenders:
            raise InvalidValueError("nothing is chosen")

    def said(self) -> Said:
        return Said("Paid with {names}, {period}", {"names": self.tenders, "period": self.period})

    def missing(self, known: Known) -> tuple[Missing, ...]:  # noqa: ARG002
        return ()

    def condition(self, known: Known) -> Condition:  # noqa: ARG002
        return PaidWith(self.tenders, self.period)
