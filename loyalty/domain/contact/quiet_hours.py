"""Hours at which members are not disturbed, by the shop's wall clock (row 193)."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from loyalty.domain.calendar import instant, local_time
from loyalty.errors import InvalidValueError


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Nothing between ``start`` and ``end``; an end before the start is on the next morning.

    What a member waits for (a one-time code, the welcome at the counter, an answer to STOP) goes out at
    any hour: the caller does not ask.
    """

    start: time = time(21)
    end: time = time(9)

    def __post_init__(self) -> None:
        if self.start.tzinfo is not None or self.end.tzinfo is not None:
            raise InvalidValueError("quiet hours are wall-clock times without a timezone")
        if self.start == self.end:
            raise InvalidValueError("quiet hours that never end are no quiet hours")

    def is_quiet(self, at: datetime, timezone: str) -> bool:
        wall = local_time(at, timezone).time()
        if self.start < self.end:
            return self.start <= wall < self.end
        return wall >= self.start or wall < self.end

    def may_go_at(self, at: datetime, timezone: str) -> datetime:
        """``at`` itself, or the end of the quiet hours that it falls in (UTC).

        On a night when clocks change the end is still what the wall clock shows.
        """
        if not self.is_quiet(at, timezone):
            return at
        local = local_time(at, timezone)
        ends_tomorrow = local.time() >= self.end
        day = local.date() + timedelta(days=1) if ends_tomorrow else local.date()
        end = instant(day, self.end, timezone)
        # An end in an hour that comes twice: the first one may be over already.
        return end if end > at else instant(day, self.end.replace(fold=1), timezone)
