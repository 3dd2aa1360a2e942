"""Dates as people write them in sheets; which of day and month comes first is told from the whole column."""

import re
from datetime import date, datetime, timedelta
from enum import StrEnum

from loyalty.domain.booking.birthday import Birthday
from loyalty.domain.calendar import instant, start_of_day
from loyalty.domain.text import without_accents
from loyalty.errors import InvalidValueError


class DateOrder(StrEnum):
    """What comes first in 03/04/1990."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier janv",
            "february feb fevrier fevr fev",
            "march mar mars",
            "april apr avril avr",
            "may mai",
            "june jun juin",
            "july jul juillet juil",
            "august aug aout",
            "september sep sept septembre",
            "october oct octobre",
            "november nov novembre",
            "december dec decembre",
        ),
        start=1,
    )
    for name in names.split()
}
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})")
_DAY_AND_MONTH = re.compile(r"(?:--)?(\d{1,2})[-/.](\d{1,2})[-/.]?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_SERIAL_START, _SERIALS = date(1899, 12, 30), range(10_000, 75_000)
"""Days as spreadsheets count them, where a sheet was saved without the form of its dates; 1927 to 2105."""
_DAY_NAME = re.compile(r"(\d{1,2})(?:er|st|nd|rd|th)?[ \-.]+([a-z]+)[ .,\-]*(\d{4}|\d{2})?")
_NAME_DAY = re.compile(r"([a-z]+)[ .\-]+(\d{1,2})(?:st|nd|rd|th)?(?:[ ,\-]+(\d{4}))?")
_TIME = re.compile(r"(?<=\d)[T ,]+\d{1,2}:\d{2}.*$")
_NO_YEAR = frozenset({0, 1, 1604, 1900})
"""What other systems write where the year of a birthday is not known."""


def order_of(text: str) -> DateOrder | None:
    """What a date has first; None where it is none, or can be read both ways."""
    plain = _without_time(text)
    found = _NUMBERS.fullmatch(plain) or _DAY_AND_MONTH.fullmatch(plain)
    if found is None or plain.startswith("--"):
        return None
    first, second = int(found[1]), int(found[2])
    if first > 12 >= second:
        return DateOrder.DAY_FIRST
    return DateOrder.MONTH_FIRST if second > 12 >= first else None


def parse_date(text: str, order: DateOrder, today: date) -> date | None:
    """The day that is meant; None where it is none."""
    parts = _parts(_without_time(text), order, today)
    if parts is None or parts[0] is None:
        return None
    try:
        return date(parts[0], parts[1], parts[2])
    except ValueError:
        return None


def parse_moment(text: str, order: DateOrder, today: date, timezone: str) -> datetime | None:
    """A moment with its offset, or else as the shop's clock shows it; a day alone is its start there."""
    try:
        return _moment(text, order, today, timezone)
    except OverflowError:  # the first and the last day that there are, in some places
        return None


def _moment(text: str, order: DateOrder, today: date, timezone: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        day = parse_date(text, order, today)
        return start_of_day(day, timezone) if day is not None else None
    return moment if moment.tzinfo is not None else instant(moment.date(), moment.time(), timezone)


def parse_birthday(text: str, order: DateOrder, today: date) -> Birthday | None:
    """The birthday that is meant, with or without its year; None where it is none or lies ahead."""
    plain = _without_time(text)
    parts = _parts(plain, order, today) or _without_year(plain, order)
    if parts is None:
        return None
    year = None if parts[0] in _NO_YEAR else parts[0]
    try:
        birthday = Birthday(parts[1], parts[2], year)
    except InvalidValueError:
        return None
    if year is not None and not today.year - 130 <= year:
        return None
    return birthday if year is None or birthday.in_year(year) <= today else None


def _parts(text: str, order: DateOrder, today: date) -> tuple[int | None, int, int] | None:
    """Year, month, day."""
    if found := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    if (found := _SERIAL.fullmatch(text)) and int(found[1]) in _SERIALS:
        day_meant = _SERIAL_START + timedelta(days=int(found[1]))
        return day_meant.year, day_meant.month, day_meant.day
    if found := _NUMBERS.fullmatch(text):
        day, month = _ordered(int(found[1]), int(found[2]), order)
        return _year(found[3], today), month, day
    if (found := _DAY_NAME.fullmatch(text)) and found[2] in _MONTHS:
        return _year(found[3], today), _MONTHS[found[2]], int(found[1])
    if (found := _NAME_DAY.fullmatch(text)) and found[1] in _MONTHS:
        return _year(found[3], today), _MONTHS[found[1]], int(found[2])
    return None


def _without_year(text: str, order: DateOrder) -> tuple[int | None, int, int] | None:
    found = _DAY_AND_MONTH.fullmatch(text)
    if found is None:
        return None
    first, second = int(found[1]), int(found[2])
    if text.startswith("--"):
        return None, first, second  # the form of ISO 8601
    day, month = _ordered(first, second, order)
    return None, month, day


def _ordered(first: int, second: int, order: DateOrder) -> tuple[int, int]:
    """Day and month; a month beyond 12 is no date: a slip is not read the other way round."""
    return (first, second) if order is DateOrder.DAY_FIRST else (second, first)


def _year(text: str | None, today: date) -> int | None:
    if text is None:
        return None
    year = int(text)
    if len(text) > 2:
        return year
    century = today.year // 100 * 100
    return century + year if century + year <= today.year else century - 100 + year


def _without_time(text: str) -> str:
    return _TIME.sub("", without_accents(text.strip().casefold()).upper()).lower().strip()
