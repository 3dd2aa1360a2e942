from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.domain.promotions import Schedule, WeeklyWindow
from loyalty.errors import InvalidValueError
from tests.unit.loyalty.domain.build import MONTREAL, PARIS

HAPPY_HOUR = Schedule(
    date(2026, 3, 2), date(2026, 3, 31), (WeeklyWindow(frozenset({1, 5}), time(16), time(18)),)
)


@pytest.mark.parametrize(
    ("at", "is_on"),
    [
        (datetime(2026, 3, 2, 14, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 2, 15, 0, tzinfo=UTC), True),  # Monday 16:00 in Paris
        (datetime(2026, 3, 2, 16, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 3, 2, 17, 0, tzinfo=UTC), False),
        (datetime(2026, 3, 3, 15, 0, tzinfo=UTC), False),  # Tuesday
        (
            datetime(2026, 3, 30, 14, 30, tzinfo=UTC),
            True,
        ),  # Monday 16:30, an hour off UTC more since the 29th
        (datetime(2026, 4, 3, 14, 30, tzinfo=UTC), False),  # a Friday after the last day
        (datetime(2026, 2, 27, 15, 30, tzinfo=UTC), False),  # a Friday before the first day
    ],
)
def test_hours_of_the_week_are_those_of_the_shop(at: datetime, is_on: bool) -> None:
    # row 134
    assert HAPPY_HOUR.is_on(at, PARIS) is is_on


def test_the_first_and_the_last_day_are_whole_days_of_the_shop() -> None:
    schedule = Schedule(date(2026, 3, 2), date(2026, 3, 2))
    assert not schedule.is_on(datetime(2026, 3, 2, 4, 59, tzinfo=UTC), MONTREAL)
    assert schedule.is_on(datetime(2026, 3, 2, 5, 0, tzinfo=UTC), MONTREAL)
    assert schedule.is_on(datetime(2026, 3, 3, 4, 59, tzinfo=UTC), MONTREAL)
    assert not schedule.is_on(datetime(2026, 3, 3, 5, 0, tzinfo=UTC), MONTREAL)


NIGHT = Schedule(date(2026, 10, 24), date(2026, 10, 24), (WeeklyWindow(frozenset({6}), time(22), time(4)),))


def test_a_window_over_midnight_belongs_to_the_day_it_starts_on_and_is_let_finish() -> None:
    # Saturday 24 October 2026, 22:00 in Paris, to Sunday 04:00
    assert NIGHT.is_on(datetime(2026, 10, 24, 20, 0, tzinfo=UTC), PARIS)
    assert NIGHT.is_on(datetime(2026, 10, 25, 2, 59, tzinfo=UTC), PARIS)
    assert not NIGHT.is_on(datetime(2026, 10, 25, 3, 0, tzinfo=UTC), PARIS)
    assert not NIGHT.is_on(datetime(2026, 10, 25, 20, 0, tzinfo=UTC), PARIS)
    assert not NIGHT.has_ended(datetime(2026, 10, 25, 2, 59, tzinfo=UTC), PARIS)
    assert NIGHT.has_ended(datetime(2026, 10, 25, 3, 0, tzinfo=UTC), PARIS)


def _minutes_on(schedule: Schedule, start: datetime, hours: int) -> int:
    return sum(schedule.is_on(start + timedelta(minutes=minute), PARIS) for minute in range(hours * 60))


def test_a_night_is_an_hour_longer_in_autumn_and_an_hour_shorter_in_spring() -> None:
    # row 134: 22:00 to 04:00 of the wall clock is 7 hours, 6, or 5
    spring = Schedule(date(2026, 3, 28), date(2026, 3, 28), NIGHT.windows)
    plain = Schedule(date(2026, 5, 2), date(2026, 5, 2), NIGHT.windows)
    assert _minutes_on(NIGHT, datetime(2026, 10, 24, 12, tzinfo=UTC), 24) == 7 * 60
    assert _minutes_on(plain, datetime(2026, 5, 2, 12, tzinfo=UTC), 24) == 6 * 60
    assert _minutes_on(spring, datetime(2026, 3, 28, 12, tzinfo=UTC), 24) == 5 * 60


def test_an_hour_that_the_clock_skips_does_not_happen_and_one_that_comes_twice_counts_twice() -> None:
    window = (WeeklyWindow(start=time(2), end=time(3)),)
    skipped = Schedule(date(2026, 3, 29), date(2026, 3, 29), window)
    doubled = Schedule(date(2026, 10, 25), date(2026, 10, 25), window)
    assert _minutes_on(skipped, datetime(2026, 3, 28, 20, tzinfo=UTC), 26) == 0
    assert _minutes_on(doubled, datetime(2026, 10, 24, 20, tzinfo=UTC), 27) == 120


def test_from_midnight_to_midnight_is_the_whole_day() -> None:
    sundays = Schedule(date(2026, 3, 1), None, (WeeklyWindow(frozenset({7})),))
    assert _minutes_on(sundays, datetime(2026, 3, 7, 12, tzinfo=UTC), 48) == 24 * 60


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)), st.times(), st.times())  # noqa: DTZ001
def test_a_moment_is_in_a_window_or_in_the_rest_of_the_day_never_in_both(
    naive: datetime, start: time, end: time
) -> None:
    start, end = start.replace(fold=0), end.replace(fold=0)
    if start == end:
        return
    at = naive.replace(tzinfo=UTC)
    one = Schedule(date(2025, 1, 1), None, (WeeklyWindow(start=start, end=end),))
    rest = Schedule(date(2025, 1, 1), None, (WeeklyWindow(start=end, end=start),))
    assert one.is_on(at, PARIS) is not rest.is_on(at, PARIS)


def test_days_and_dates_that_make_no_sense_are_refused() -> None:
    for make in (
        lambda: WeeklyWindow(frozenset({0})),
        lambda: WeeklyWindow(frozenset({8})),
        lambda: WeeklyWindow(frozenset()),
        lambda: WeeklyWindow(start=time(8, tzinfo=UTC)),
        lambda: Schedule(date(2026, 3, 2), date(2026, 3, 1)),
    ):
        with pytest.raises(InvalidValueError):
            make()
