"""Days, months and hours as the shop's wall clock shows them.

Everything is stored in UTC; what is "today", "this month" or "at midnight" is asked of the shop's
timezone, so that a daylight-saving night is as long as it is.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from loyalty.errors import InvalidValueError


@cache
def zone(timezone: str) -> ZoneInfo:
    """The timezone of an IANA name.

    Raises:
        InvalidValueError: There is none of this name.
    """
    try:
        return ZoneInfo(timezone)
    except (OSError, ValueError, LookupError) as error:
        raise InvalidValueError(f"{timezone!r} is no timezone") from error


def local_time(at: datetime, timezone: str) -> datetime:
    """The instant on the shop's wall clock."""
    return at.astimezone(zone(timezone))


def local_date(at: datetime, timezone: str) -> date:
    """The shop's day."""
    return local_time(at, timezone).date()


def instant(day: date, at: time, timezone: str) -> datetime:
    """The UTC instant of a wall-clock time.

    Of a time that a clock change skips: the instant as if the clock had not been changed yet. Of a time
    that comes twice: the first one.
    """
    return datetime.combine(day, at, tzinfo=zone(timezone)).astimezone(UTC)


def start_of_day(day: date, timezone: str) -> datetime:
    """The UTC instant at which the shop's day begins."""
    return instant(day, time(0), timezone)


def day_bounds(day: date, timezone: str) -> tuple[datetime, datetime]:
    """Start (included) and end (excluded) of the shop's day; 23 or 25 hours apart when clocks change."""
    return start_of_day(day, timezone), start_of_day(day + timedelta(days=1), timezone)


def first_of_month_after(day: date, months: int) -> date:
    """The first day of the month that follows the month ``months`` after ``day``'s."""
    count = day.year * 12 + (day.month - 1) + months + 1
    try:
        return date(count // 12, count % 12 + 1, 1)
    except ValueError as error:
        raise InvalidValueError("too far in the future", months=months) from error


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the last of that month where it is shorter."""
    count = day.year * 12 + (day.month - 1) - months
    last = first_of_month_after(date(count // 12, count % 12 + 1, 1), 0) - timedelta(days=1)
    return last.replace(day=min(day.day, last.day))


def month_bounds(year: int, month: int, timezone: str) -> tuple[datetime, datetime]:
    """Start (included) and end (excluded) of the shop's month."""
    first = date(year, month, 1)
    return start_of_day(first, timezone), start_of_day(first_of_month_after(first, 0), timezone)
