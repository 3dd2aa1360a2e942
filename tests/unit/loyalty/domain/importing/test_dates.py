from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from loyalty.domain.booking.birthday import Birthday
from loyalty.domain.calendar import local_date
from loyalty.domain.importing.dates import DateOrder, order_of, parse_birthday, parse_date, parse_moment

TODAY = date(2026, 3, 2)
DAY, MONTH = DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("1990-03-12", DAY, Birthday(3, 12, 1990)),
        ("1990/3/12", DAY, Birthday(3, 12, 1990)),
        ("19900312", DAY, Birthday(3, 12, 1990)),
        ("12/03/1990", DAY, Birthday(3, 12, 1990)),
        ("12/03/1990", MONTH, Birthday(12, 3, 1990)),
        ("03-12-1990", MONTH, Birthday(3, 12, 1990)),
        ("25/12/1990", MONTH, None),
        ("12/25/1990", DAY, None),
        ("12.03.90", DAY, Birthday(3, 12, 1990)),
        ("12/03/05", DAY, Birthday(3, 12, 2005)),
        ("03-12", DAY, Birthday(12, 3)),
        ("03-12", MONTH, Birthday(3, 12)),
        ("--03-12", DAY, Birthday(3, 12)),
        ("0000-03-12", DAY, Birthday(3, 12)),
        ("1604-03-12", DAY, Birthday(3, 12)),
        ("12/03", DAY, Birthday(3, 12)),
        ("12 mars 1990", DAY, Birthday(3, 12, 1990)),
        ("1er août 1990", DAY, Birthday(8, 1, 1990)),
        ("Mar 12, 1990", MONTH, Birthday(3, 12, 1990)),
        ("March 12", MONTH, Birthday(3, 12)),
        ("29/02", DAY, Birthday(2, 29)),
        ("1990-03-12 00:00:00", DAY, Birthday(3, 12, 1990)),
        ("1990-03-12T00:00:00Z", DAY, Birthday(3, 12, 1990)),
        ("29/02/1991", DAY, None),
        ("31/04", DAY, None),
        ("2030-01-01", DAY, None),
        ("1790-01-01", DAY, None),
        ("soon", DAY, None),
        ("13/13/1990", DAY, None),
        ("", DAY, None),
    ],
)
def test_birthdays(text: str, order: DateOrder, expected: Birthday | None) -> None:
    assert parse_birthday(text, order, TODAY) == expected


def test_moments_keep_their_time() -> None:
    assert parse_moment("2020-01-26T02:25:34Z", DAY, TODAY, "UTC") == datetime(
        2020, 1, 26, 2, 25, 34, tzinfo=UTC
    )
    assert parse_moment("26/01/2020", DAY, TODAY, "UTC") == datetime(2020, 1, 26, tzinfo=UTC)
    assert parse_moment("01/26/2020 14:05", MONTH, TODAY, "UTC") == datetime(2020, 1, 26, tzinfo=UTC)
    assert parse_moment("03-12", DAY, TODAY, "UTC") is None


@pytest.mark.parametrize(
    "timezone", ["America/Toronto", "Europe/Paris", "Pacific/Auckland", "Pacific/Pago_Pago"]
)
@pytest.mark.parametrize("text", ["05/01/2026", "2026-01-05", "2026-01-05T23:30:00", "05/01/2026 18:00"])
def test_a_day_is_that_of_the_shop_wherever_it_is(text: str, timezone: str) -> None:
    moment = parse_moment(text, DAY, TODAY, timezone)
    assert moment is not None
    assert local_date(moment, timezone) == date(2026, 1, 5)


def test_the_order_is_told_from_a_date_that_has_only_one() -> None:
    assert order_of("13/02/1990") is DAY
    assert order_of("02/13/1990") is MONTH
    assert order_of("25/12") is DAY
    for text in ("01/02/1990", "1990-01-31", "--12-25", "nonsense", ""):
        assert order_of(text) is None


@given(day=st.dates(date(1930, 1, 1), TODAY), order=st.sampled_from(DateOrder))
def test_what_is_written_in_an_order_is_read_in_it(day: date, order: DateOrder) -> None:
    text = day.strftime("%d/%m/%Y" if order is DAY else "%m/%d/%Y")
    assert parse_date(text, order, TODAY) == day


@given(text=st.text(max_size=30))
def test_any_text_is_a_date_or_none(text: str) -> None:
    for order in DateOrder:
        found = parse_birthday(text, order, TODAY)
        assert found is None or isinstance(found, Birthday)


@pytest.mark.parametrize("timezone", ["America/Toronto", "Pacific/Auckland"])
@given(text=st.text(max_size=20) | st.dates().map(date.isoformat) | st.datetimes().map(datetime.isoformat))
@example("0001-01-01")
@example("01/01/0001")
@example("9999-12-31T23:59:59")
def test_any_text_is_a_moment_or_none(timezone: str, text: str) -> None:
    moment = parse_moment(text, DAY, TODAY, timezone)
    assert moment is None or moment.tzinfo is not None
