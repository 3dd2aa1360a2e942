from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.domain.calendar import local_time
from loyalty.domain.contact.quiet_hours import QuietHours
from loyalty.errors import InvalidValueError

PARIS = "Europe/Paris"


@pytest.mark.parametrize(
    ("at", "goes_at"),
    [
        (datetime(2026, 6, 1, 12, 0, tzinfo=UTC), datetime(2026, 6, 1, 12, 0, tzinfo=UTC)),
        (datetime(2026, 6, 1, 19, 0, tzinfo=UTC), datetime(2026, 6, 2, 7, 0, tzinfo=UTC)),  # 21:00 in Paris
        (datetime(2026, 6, 1, 3, 0, tzinfo=UTC), datetime(2026, 6, 1, 7, 0, tzinfo=UTC)),
        (datetime(2026, 6, 1, 7, 0, tzinfo=UTC), datetime(2026, 6, 1, 7, 0, tzinfo=UTC)),  # 09:00: over
    ],
)
def test_a_message_waits_for_the_morning_of_the_shop(at: datetime, goes_at: datetime) -> None:
    assert QuietHours().may_go_at(at, PARIS) == goes_at


def test_on_the_night_when_clocks_change_the_wall_clock_still_decides() -> None:
    # Paris: 29 March 2026 02:00 becomes 03:00; 25 October 03:00 becomes 02:00.
    spring = QuietHours().may_go_at(datetime(2026, 3, 28, 22, 0, tzinfo=UTC), PARIS)
    autumn = QuietHours().may_go_at(datetime(2026, 10, 24, 22, 0, tzinfo=UTC), PARIS)
    assert spring == datetime(2026, 3, 29, 7, 0, tzinfo=UTC)
    assert autumn == datetime(2026, 10, 25, 8, 0, tzinfo=UTC)


def test_an_end_that_comes_twice_is_never_in_the_past() -> None:
    hours = QuietHours(time(22), time(2, 30))
    second = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)  # 02:15 for the second time
    assert hours.may_go_at(second, PARIS) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 - bounds are naive there
    st.times(),
    st.times(),
    st.sampled_from([PARIS, "America/Toronto", "Asia/Beirut", "Australia/Lord_Howe"]),
)
def test_what_may_go_is_neither_early_nor_more_than_a_day_and_two_hours_late(
    naive: datetime, start: time, end: time, timezone: str
) -> None:
    start, end = start.replace(fold=0), end.replace(fold=0)
    if start == end:
        return
    at = naive.replace(tzinfo=UTC)
    hours = QuietHours(start, end)
    goes_at = hours.may_go_at(at, timezone)
    assert at <= goes_at <= at + timedelta(hours=26)
    if goes_at != at and local_time(goes_at, timezone).time() == end:
        assert not hours.is_quiet(goes_at, timezone)


def test_hours_that_never_end_are_refused() -> None:
    with pytest.raises(InvalidValueError):
        QuietHours(time(9), time(9))
