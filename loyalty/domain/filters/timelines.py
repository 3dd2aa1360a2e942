"""When the clock alone can change whether a condition holds (row 177).

A window of the last weeks changes its answer for a customer only at the instant when one of the customer's
dates leaves it. So whoever follows a condition looks at those dates, and at nobody else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from loyalty.domain.calendar import instant
from loyalty.domain.filters.check import days_kept
from loyalty.domain.filters.condition import (
    BirthdayWithin,
    Bought,
    Condition,
    MomentFact,
    MomentIn,
    PaidByCard,
    PaidWith,
    ReceivedMessage,
    SpendIs,
    VisitedPlace,
    VisitsAtLeast,
    parts_of,
)
from loyalty.domain.filters.period import Moment, Period

MAX_DAYS_BACK = 400


class Timeline(StrEnum):
    """Dates of customers that a window can leave behind."""

    PURCHASES = "purchases"
    ENROLLED = "enrolled"
    CREATED = "created"
    MESSAGES = "messages"


@dataclass(frozen=True, slots=True)
class Window:
    """A period that moves with the clock, over one kind of dates."""

    timeline: Timeline
    period: Period


_TIMELINES = {MomentFact.ENROLLED: Timeline.ENROLLED, MomentFact.CREATED: Timeline.CREATED}


def windows_of(condition: Condition) -> frozenset[Window]:
    """Every moving window in the condition."""
    return frozenset(window for part in parts_of(condition) for window in _window_of(part))


def _window_of(part: Condition) -> Iterator[Window]:
    match part:
        case VisitsAtLeast() | SpendIs() | VisitedPlace() | Bought() | PaidWith() | PaidByCard():
            timeline = Timeline.PURCHASES
        case ReceivedMessage():
            timeline = Timeline.MESSAGES
        case MomentIn():
            timeline = _TIMELINES.get(part.fact, Timeline.PURCHASES)
        case _:
            return
    if part.period.is_relative:
        yield Window(timeline, part.period)


def birthday_turns(
    condition: Condition, after: Moment, until: Moment
) -> Iterator[tuple[Moment, frozenset[tuple[int, int]]]]:
    """Each midnight after one moment, up to another, with birthdays that begin or cease to be soon then."""
    soon = {part.days for part in parts_of(condition) if isinstance(part, BirthdayWithin)}
    if not soon:
        return
    day = max(after.day, until.day - timedelta(days=MAX_DAYS_BACK)) + timedelta(days=1)
    while day <= until.day:
        turn = _midnight(day, until.timezone)
        before = _midnight(day - timedelta(days=1), until.timezone)
        changed = frozenset(each for days in soon for each in days_kept(turn, days) ^ days_kept(before, days))
        if after.at < turn.at <= until.at:
            yield turn, changed
        day += timedelta(days=1)


def _midnight(day: date, timezone: str) -> Moment:
    return Moment(instant(day, time(0), timezone), timezone)
