"""The time that a filter looks at: all of it, the last weeks, or from one day to another (row 5)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from loyalty.domain.calendar import local_date, start_of_day
from loyalty.errors import InvalidValueError

MAX_DAYS = 36_500
_TICK = timedelta(microseconds=1)
_DAYS_OF = {"days": 1, "weeks": 7}


class PeriodKind(StrEnum):
    """How a period is said."""

    ALWAYS = "always"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    DATES = "dates"


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant in a shop: windows are counted back from it, days begin by the shop's clock."""

    at: datetime
    timezone: str

    @property
    def day(self) -> date:
        return local_date(self.at, self.timezone)


@dataclass(frozen=True, slots=True)
class Span:
    """From ``since`` (included) until ``until`` (excluded); None is open."""

    since: datetime | None = None
    until: datetime | None = None

    def holds(self, at: datetime) -> bool:
        return (self.since is None or at >= self.since) and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Period:
    """``count`` days, weeks or months back from now, or whole days of the shop, both included.

    The last eight weeks are 56 times 24 hours: what was exactly so long ago is outside. The last twelve
    months begin at midnight of the day twelve months ago.
    """

    kind: PeriodKind = PeriodKind.ALWAYS
    count: int = 0
    first_day: date | None = None
    last_day: date | None = None

    def __post_init__(self) -> None:
        if self.is_relative:
            most = MAX_DAYS // {"days": 1, "weeks": 7, "months": 31}[self.kind.value]
            if not 1 <= self.count <= most:
                raise InvalidValueError("a period is at least one and not a century long", count=self.count)
        elif self.kind is PeriodKind.DATES:
            if self.first_day is None and self.last_day is None:
                raise InvalidValueError("a period between days has one of them at least")
            if self.first_day and self.last_day and self.last_day < self.first_day:
                raise InvalidValueError("a period ends before it begins")
            if any(day and not 1900 <= day.year <= 2200 for day in (self.first_day, self.last_day)):
                raise InvalidValueError("a period lies between 1900 and 2200")

    @property
    def is_relative(self) -> bool:
        """Whether it moves with the clock."""
        return self.kind in (PeriodKind.DAYS, PeriodKind.WEEKS, PeriodKind.MONTHS)

    @property
    def is_open_ended(self) -> bool:
        """Whether it goes on until now."""
        return self.kind is not PeriodKind.DATES or self.last_day is None

    def span(self, moment: Moment) -> Span:
        match self.kind:
            case PeriodKind.ALWAYS:
                return Span()
            case PeriodKind.DATES:
                after_last = self.last_day + timedelta(days=1) if self.last_day is not None else None
                return Span(_midnight(self.first_day, moment), _midnight(after_last, moment))
            case PeriodKind.MONTHS:
                return Span(_midnight(months_before(moment.day, self.count), moment))
            case _:
                return Span(moment.at - self._length() + _TICK)

    def leaves_at(self, at: datetime, timezone: str) -> datetime | None:
        """The first instant at which ``at`` is too long ago; None for a period that does not move."""
        if not self.is_relative:
            return None
        if self.kind is not PeriodKind.MONTHS:
            return at + self._length()
        day = local_date(at, timezone)
        candidate = months_before(day, -self.count)
        while start_of_day(months_before(candidate, self.count), timezone) <= at:
            candidate += timedelta(days=1)
        return start_of_day(candidate, timezone)

    def _length(self) -> timedelta:
        return timedelta(days=self.count * _DAYS_OF[self.kind.value])


ALWAYS = Period()


def last_weeks(count: int) -> Period:
    return Period(PeriodKind.WEEKS, count)


def last_months(count: int) -> Period:
    return Period(PeriodKind.MONTHS, count)


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier (later where negative), or that month's last one."""
    number = day.year * 12 + day.month - 1 - months
    year, month = divmod(number, 12)
    for last in range(day.day, 27, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    return date(year, month + 1, min(day.day, 28))


def _midnight(day: date | None, moment: Moment) -> datetime | None:
    return start_of_day(day, moment.timezone) if day is not None else None
