"""When points expire (row 164): never, some months to the end of the month, or some days.

A policy gives each lot its date when the points are earned. Changing the policy changes nothing for
points that somebody has already.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from loyalty.domain.calendar import first_of_month_after, local_date, start_of_day
from loyalty.errors import InvalidValueError

MAX_MONTHS = 120
MAX_DAYS = 3660


@dataclass(frozen=True, slots=True)
class NeverExpires:
    """Points stay for good."""

    kind: ClassVar[str] = "never"

    def expires_at(self, earned_at: datetime, timezone: str) -> datetime | None:  # noqa: ARG002
        return None


@dataclass(frozen=True, slots=True)
class MonthsToEnd:
    """``months`` months and then to the end of that month.

    With 12 months, points of 2020-07-06 are good to the end of 2021-07-31 in the shop, and expire at the
    first instant of 2021-08-01 there.
    """

    months: int
    kind: ClassVar[str] = "months_to_end"

    def __post_init__(self) -> None:
        if not 1 <= self.months <= MAX_MONTHS:
            raise InvalidValueError(f"points are good for 1 to {MAX_MONTHS} months", months=self.months)

    def expires_at(self, earned_at: datetime, timezone: str) -> datetime | None:
        first = first_of_month_after(local_date(earned_at, timezone), self.months)
        return start_of_day(first, timezone)


@dataclass(frozen=True, slots=True)
class DaysAfter:
    """To the end of the shop's day that is ``days`` days after the day of earning."""

    days: int
    kind: ClassVar[str] = "days_after"

    def __post_init__(self) -> None:
        if not 1 <= self.days <= MAX_DAYS:
            raise InvalidValueError(f"points are good for 1 to {MAX_DAYS} days", days=self.days)

    def expires_at(self, earned_at: datetime, timezone: str) -> datetime | None:
        last_day = local_date(earned_at, timezone) + timedelta(days=self.days)
        return start_of_day(last_day + timedelta(days=1), timezone)


ExpiryPolicy = NeverExpires | MonthsToEnd | DaysAfter

NEVER = NeverExpires()

EXPIRY_POLICIES: dict[str, type[ExpiryPolicy]] = {
    NeverExpires.kind: NeverExpires,
    MonthsToEnd.kind: MonthsToEnd,
    DaysAfter.kind: DaysAfter,
}
"""Stored through ``loyalty.domain.parameters``."""
