"""Windows and days of filters: what lies in them, and the instant at which a date leaves them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.domain.filters import Moment, Period, PeriodKind
from loyalty.domain.filters.period import months_before
from loyalty.errors import InvalidValueError

ZONES = st.sampled_from(["Europe/Paris", "America/Toronto", "Pacific/Auckland", "UTC"])
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(  # noqa: DTZ001
    lambda at: at.replace(tzinfo=UTC)
)
RELATIVE = st.one_of(
    st.builds(Period, st.just(PeriodKind.DAYS), st.integers(1, 400)),
    st.builds(Period, st.just(PeriodKind.WEEKS), st.integers(1, 60)),
    st.builds(Period, st.just(PeriodKind.MONTHS), st.integers(1, 36)),
)
TICK = timedelta(microseconds=1)


@given(RELATIVE, MOMENTS, ZONES)
def test_a_date_is_in_the_window_until_the_very_instant_it_leaves(
    period: Period, at: datetime, zone: str
) -> None:
    # row 177 in part: the instant
    leaves = period.leaves_at(at, zone)
    assert leaves is not None
    assert leaves > at
    assert period.span(Moment(leaves - TICK, zone)).holds(at)
    assert not period.span(Moment(leaves, zone)).holds(at)
    assert period.span(Moment(at, zone)).holds(at)


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(0, 60))
def test_months_back_and_on_stay_in_the_month(day: date, months: int) -> None:
    back = months_before(day, months)
    assert back <= day
    assert (day.year - back.year) * 12 + day.month - back.month == months
    assert back.day <= day.day


@pytest.mark.parametrize(
    "wrong",
    [
        (PeriodKind.DAYS, 0, None, None),
        (PeriodKind.WEEKS, -1, None, None),
        (PeriodKind.MONTHS, 100_000, None, None),
        (PeriodKind.DATES, 0, None, None),
        (PeriodKind.DATES, 0, date(2026, 2, 2), date(2026, 2, 1)),
        (PeriodKind.DATES, 0, date(1, 1, 1), None),
    ],
)
def test_periods_that_make_no_sense_are_refused(
    wrong: tuple[PeriodKind, int, date | None, date | None],
) -> None:
    with pytest.raises(InvalidValueError):
        Period(*wrong)


def test_days_are_whole_and_both_included() -> None:
    period = Period(PeriodKind.DATES, 0, date(2026, 3, 28), date(2026, 3, 29))
    span = period.span(Moment(datetime(2026, 6, 1, tzinfo=UTC), "Europe/Paris"))
    assert span.since == datetime(2026, 3, 27, 23, tzinfo=UTC)
    assert span.until == datetime(2026, 3, 29, 22, tzinfo=UTC)  # the night has an hour less
    assert period.leaves_at(datetime(2026, 3, 28, tzinfo=UTC), "Europe/Paris") is None
