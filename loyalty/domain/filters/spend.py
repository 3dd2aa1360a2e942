"""What somebody spent within a period."""

from dataclasses import dataclass
from typing import ClassVar

from loyalty.domain.filters.base import Entry, FormField, Known, Missing, Money, Said
from loyalty.domain.filters.comparator import Comparator
from loyalty.domain.filters.condition import Condition, SpendIs
from loyalty.domain.filters.period import ALWAYS, Period
from loyalty.errors import InvalidValueError

MAX_AMOUNT_MINOR = 10**13


@dataclass(frozen=True, slots=True)
class Spend:
    """What was paid in the period, taxes included, less what came back."""

    comparator: Comparator
    amount_minor: int
    period: Period = ALWAYS
    kind: ClassVar[str] = "spend"
    title: ClassVar[str] = "Amount spent"
    form: ClassVar[tuple[FormField, ...]] = (
        FormField("comparator", Entry.COMPARATOR, "Spent"),
        FormField("amount_minor", Entry.MONEY, "Amount"),
        FormField("period", Entry.PERIOD, "When"),
    )

    def __post_init__(self) -> None:
        if not 0 <= self.amount_minor <= MAX_AMOUNT_MINOR:
            raise InvalidValueError("an amount spent is zero or more", amount_minor=self.amount_minor)

    def said(self) -> Said:
        params = {"compared": self.comparator, "amount": Money(self.amount_minor), "period": self.period}
        return Said("Spent: {compared} {amount}, {period}", params)

    def missing(self, known: Known) -> tuple[Missing, ...]:  # noqa: ARG002
        return ()

    def condition(self, known: Known) -> Condition:  # noqa: ARG002
        return SpendIs(self.comparator, self.amount_minor, self.period)
