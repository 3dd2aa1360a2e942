"""When a promotion runs: days of the calendar, and hours of the week."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from loyalty.domain.calendar import local_time
from loyalty.errors import InvalidValueError

WEEK = frozenset(range(1, 8))
_MIDNIGHT = time(0)


@dataclass(frozen=True, slots=True)
class WeeklyWindow:
    """From ``start`` to ``end`` of the shop's wall clock on these days; 1 is Monday, 7 is Sunday.

    An end at or before the start is on the next day, and the whole window belongs to the day it starts
    on; from midnight to midnight is the whole day. The wall clock alone decides: on a night when clocks
    change the window is an hour longer or shorter, as the shop's opening hours are.
    """

    days: frozenset[int] = WEEK
    start: time = _MIDNIGHT
    end: time = _MIDNIGHT

    def __post_init__(self) -> None:
        if not self.days or not self.days <= WEEK:
            raise InvalidValueError("days of a window are 1 (Monday) to 7 (Sunday)")
        if self.start.tzinfo is not None or self.end.tzinfo is not None:
            raise InvalidValueError("times of a window are wall-clock times without a timezone")


@dataclass(frozen=True, slots=True)
class Schedule:
    """From the first to the last day, both included, of the shop's calendar; None: without an end.

    Without windows it runs around the clock. A window that begins on the last day is let finish.
    """

    first_day: date
    last_day: date | None = None
    windows: tuple[WeeklyWindow, ...] = ()

    def __post_init__(self) -> None:
        if self.last_day is not None and self.last_day < self.first_day:
            raise InvalidValueError("a promotion ends on or after its first day")

    def is_on(self, at: datetime, timezone: str) -> bool:
        """Whether the promotion runs at this instant."""
        local = local_time(at, timezone)
        day, wall = local.date(), local.time().replace(fold=0)
        if not self.windows:
            return self._holds(day)
        return any(self._is_within(window, day, wall) for window in self.windows)

    def has_ended(self, at: datetime, timezone: str) -> bool:
        """Whether it will never run again."""
        if self.last_day is None or self.is_on(at, timezone):
            return False
        return local_time(at, timezone).date() > self.last_day

    def has_begun(self, at: datetime, timezone: str) -> bool:
        return local_time(at, timezone).date() >= self.first_day

    def _holds(self, day: date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)

    def _is_within(self, window: WeeklyWindow, day: date, wall: time) -> bool:
        if window.start < window.end:
            return self._starts_on(window, day) and window.start <= wall < window.end
        since_today = self._starts_on(window, day) and wall >= window.start
        since_yesterday = self._starts_on(window, day - timedelta(days=1)) and wall < window.end
        return since_today or since_yesterday

    def _starts_on(self, window: WeeklyWindow, day: date) -> bool:
        return day.isoweekday() in window.days and self._holds(day)
