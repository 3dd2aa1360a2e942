"""Whose birthday is today or soon."""

from dataclasses import dataclass
from typing import ClassVar

from loyalty.domain.filters.base import Entry, FormField, Known, Missing, Said
from loyalty.domain.filters.condition import BirthdayWithin, Condition
from loyalty.errors import InvalidValueError

MAX_DAYS = 180


@dataclass(frozen=True, slots=True)
class BirthdaySoon:
    """Kept today (0) or within so many days."""

    days: int = 0
    kind: ClassVar[str] = "birthday_soon"
    title: ClassVar[str] = "Birthday soon"
    form: ClassVar[tuple[FormField, ...]] = (FormField("days", Entry.DAYS, "Within so many days (0: today)"),)

    def __post_init__(self) -> None:
        if not 0 <= self.days <= MAX_DAYS:
            raise InvalidValueError(f"soon is 0 to {MAX_DAYS} days", days=self.days)

    def said(self) -> Said:
        if self.days == 0:
            return Said("Birthday today")
        return Said("Birthday within {count} days", {"count": self.days})

    def missing(self, known: Known) -> tuple[Missing, ...]:  # noqa: ARG002
        return ()

    def condition(self, known: Known) -> Condition:  # noqa: ARG002
        return BirthdayWithin(self.days)
