from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.domain.calendar import (
    day_bounds,
    first_of_month_after,
    instant,
    local_date,
    month_bounds,
    start_of_day,
)
from loyalty.domain.expiry import NEVER, DaysAfter, ExpiryPolicy, MonthsToEnd
from loyalty.errors import InvalidValueError
from tests.unit.loyalty.domain.build import MONTREAL, PARIS


def test_twelve_months_to_the_end_of_the_month() -> None:
    # row 164: points of 2020-07-06 are over on 2021-08-01
    expires_at = MonthsToEnd(12).expires_at(datetime(2020, 7, 6, 15, 0, tzinfo=UTC), MONTREAL)
    assert expires_at == datetime(2021, 8, 1, 4, 0, tzinfo=UTC)
    assert expires_at is not None
    assert local_date(expires_at, MONTREAL).isoformat() == "2021-08-01"


@pytest.mark.parametrize(
    ("earned", "months", "expires_on"),
    [("2026-01-31", 1, "2026-03-01"), ("2026-12-01", 1, "2027-02-01"), ("2026-12-31", 12, "2028-01-01"),
     ("2024-02-29", 12, "2025-03-01")],
)  # fmt: skip
def test_the_day_in_the_month_does_not_matter(earned: str, months: int, expires_on: str) -> None:
    at = datetime.fromisoformat(f"{earned}T12:00:00+00:00")
    expires_at = MonthsToEnd(months).expires_at(at, PARIS)
    assert expires_at is not None
    assert local_date(expires_at, PARIS).isoformat() == expires_on


def test_the_month_is_that_of_the_shop_not_of_utc() -> None:
    # 1 July 2026 in UTC, still 30 June in Montréal
    expires_at = MonthsToEnd(1).expires_at(datetime(2026, 7, 1, 3, 59, tzinfo=UTC), MONTREAL)
    assert expires_at == datetime(2026, 8, 1, 4, 0, tzinfo=UTC)


def test_thirty_days_are_good_to_the_end_of_the_thirtieth() -> None:
    # earned on 1 March in Paris; clocks change on the 29th
    expires_at = DaysAfter(30).expires_at(datetime(2026, 3, 1, 9, 0, tzinfo=UTC), PARIS)
    assert expires_at == datetime(2026, 3, 31, 22, 0, tzinfo=UTC)


def test_points_that_never_expire_have_no_date() -> None:
    assert NEVER.expires_at(datetime(2026, 3, 1, tzinfo=UTC), PARIS) is None


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)),  # noqa: DTZ001 - bounds are naive there
    st.one_of(st.builds(MonthsToEnd, st.integers(1, 120)), st.builds(DaysAfter, st.integers(1, 3660))),
    st.sampled_from([PARIS, MONTREAL, "Pacific/Apia", "America/Havana", "Asia/Beirut"]),
)
def test_points_expire_at_the_start_of_a_later_day_of_the_shop(
    naive: datetime, policy: ExpiryPolicy, timezone: str
) -> None:
    at = naive.replace(tzinfo=UTC)
    expires_at = policy.expires_at(at, timezone)
    assert expires_at is not None
    assert expires_at > at
    day = local_date(expires_at, timezone)
    assert expires_at == start_of_day(day, timezone)
    assert local_date(expires_at - timedelta(microseconds=1), timezone) < day


@pytest.mark.parametrize(
    "make", [lambda: MonthsToEnd(0), lambda: MonthsToEnd(121), lambda: DaysAfter(0), lambda: DaysAfter(-1)]
)
def test_a_policy_that_makes_no_sense_is_refused(make: object) -> None:
    with pytest.raises(InvalidValueError):
        make()  # type: ignore[operator]


def test_a_day_is_as_long_as_the_clocks_make_it() -> None:
    for day, hours in (("2026-03-28", 24), ("2026-03-29", 23), ("2026-10-25", 25)):
        start, end = day_bounds(datetime.fromisoformat(day).date(), PARIS)
        assert end - start == timedelta(hours=hours)


def test_months_follow_each_other_over_new_year() -> None:
    start, end = month_bounds(2026, 12, PARIS)
    assert (start, end) == (datetime(2026, 11, 30, 23, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC))


def test_a_midnight_that_the_clock_skips_is_the_moment_of_the_change() -> None:
    # Beirut, 29 March 2026: 00:00 becomes 01:00
    day = datetime(2026, 3, 29, tzinfo=UTC).date()
    assert start_of_day(day, "Asia/Beirut") == datetime(2026, 3, 28, 22, 0, tzinfo=UTC)


def test_an_unknown_timezone_and_a_month_beyond_the_calendar_are_refused() -> None:
    for timezone in ("Europe/Nowhere", "", "../etc/passwd", "Europe/Par\0is"):
        with pytest.raises(InvalidValueError):
            instant(
                datetime(2026, 3, 1, tzinfo=UTC).date(), datetime(2026, 3, 1, tzinfo=UTC).time(), timezone
            )
    with pytest.raises(InvalidValueError):
        first_of_month_after(datetime(9999, 12, 1, tzinfo=UTC).date(), 120)
