"""Who paid with which payment card: its brand, its last four digits, or both (rows 1, 4)."""

import re
from dataclasses import dataclass
from typing import ClassVar

from loyalty.domain.filters.base import Entry, FormField, Known, Missing, Said
from loyalty.domain.filters.condition import Condition, PaidByCard
from loyalty.domain.filters.period import ALWAYS, Period
from loyalty.errors import InvalidValueError

_FOUR_DIGITS = re.compile(r"[0-9]{4}", re.ASCII)
MAX_BRAND_CHARS = 40


@dataclass(frozen=True, slots=True)
class CardPaid:
    """A purchase was paid with such a card; the brand is written as the terminal writes it."""

    brand: str | None = None
    last_four: str | None = None
    period: Period = ALWAYS
    kind: ClassVar[str] = "card"
    title: ClassVar[str] = "Payment card"
    form: ClassVar[tuple[FormField, ...]] = (
        FormField("brand", Entry.TEXT, "Brand of the card"),
        FormField("last_four", Entry.TEXT, "Last four digits"),
        FormField("period", Entry.PERIOD, "When"),
    )

    def __post_init__(self) -> None:
        if self.brand is None and self.last_four is None:
            raise InvalidValueError("a card has a brand or four digits")
        if self.last_four is not None and not _FOUR_DIGITS.fullmatch(self.last_four):
            raise InvalidValueError("the last four digits of a card are four digits")
        if self.brand is not None and not 1 <= len(self.brand) <= MAX_BRAND_CHARS:
            raise InvalidValueError(f"a brand has 1 to {MAX_BRAND_CHARS} characters")

    def said(self) -> Said:
        names = " ".join(part for part in (self.brand, self.last_four and f"•• {self.last_four}") if part)
        return Said("Paid with the card {card}, {period}", {"card": names, "period": self.period})

    def missing(self, known: Known) -> tuple[Missing, ...]:  # noqa: ARG002
        return ()

    def condition(self, known: Known) -> Condition:  # noqa: ARG002
        return PaidByCard(self.brand, self.last_four, self.period)
