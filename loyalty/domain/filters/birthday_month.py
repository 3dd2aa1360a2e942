"""Whose birthday is in a month."""

from dataclasses import dataclass
from typing import ClassVar

from loyalty.domain.filters.base import Entry, FormField, Known, Missing, Said
from loyalty.domain.filters.condition import BirthdayInMonth, Condition
from loyalty.errors import InvalidValueError


@dataclass(frozen=True, slots=True)
class Month:
    """A month in a sentence, 1 to 12."""

    number: int


@dataclass(frozen=True, slots=True)
class BirthdayMonth:
    """Born in the month, 1 to 12."""

    month: int
    kind: ClassVar[str] = "birthday_month"
    title: ClassVar[str] = "Month of birth"
    form: ClassVar[tuple[FormField, ...]] = (FormField("month", Entry.MONTH, "Month"),)

    def __post_init__(self) -> None:
        if not 1 <= self.month <= 12:
            raise InvalidValueError("a month is 1 to 12", month=self.month)

    def said(self) -> Said:
        return Said("Birthday in {month}", {"month": Month(self.month)})

    def missing(self, known: Known) -> tuple[Missing, ...]:  # noqa: ARG002
        return ()

    def condition(self, known: Known) -> Condition:  # noqa: ARG002
        return BirthdayInMonth(self.month)
