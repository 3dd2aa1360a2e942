"""Birthdays in the usual ways of writing, as eight digits; what is not understood stays as its digits."""

import re

_PARTS = re.compile(r"\d+|[a-z]+")
_MONTHS = {
    "jan": 1, "feb": 2, "fev": 2, "mar": 3, "apr": 4, "avr": 4, "may": 5, "mai": 5, "jun": 6, "juin": 6,
    "jul": 7, "juil": 7, "aug": 8, "aou": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_OLDEST, _YOUNGEST = 1850, 2100


def folded_birthday(text: str) -> str:
    """``YYYYMMDD`` of a date; "" where there is none.

    Day before month is taken where both readings are possible and the year stands last: two rows of one
    table are written alike, so that equal dates stay equal whatever the reading.
    """
    lower = text[:40].strip().lower().replace("é", "e").replace("û", "u")
    if lower[10:11] == "t":
        lower = lower[:10]
    numbers = [_number(part) for part in _PARTS.findall(lower)]
    known = [each for each in numbers if each is not None]
    if len(known) == 1:
        return _from_digits(re.sub(r"\D", "", lower))
    if len(known) < 3:
        return ""
    first, second, third = known[:3]
    if first > 31:
        return _written(first, second, third)
    return _written(_century(third), second, first)


def _number(part: str) -> int | None:
    if part.isdecimal():
        return int(part[:9])
    return _MONTHS.get(part[:4]) or _MONTHS.get(part[:3])


def _century(year: int) -> int:
    return year if year > 99 else year + (1900 if year > 25 else 2000)


def _written(year: int, month: int, day: int) -> str:
    if month > 12 and day <= 12:
        month, day = day, month
    if not (_OLDEST <= year <= _YOUNGEST and 1 <= month <= 99 and 1 <= day <= 99):
        return ""
    return f"{year:04d}{month:02d}{day:02d}"


def _from_digits(digits: str) -> str:
    """Eight digits with a slip in them stay as they are: most of a birthday is evidence too."""
    if len(digits) != 8 or not digits.isascii() or len(set(digits)) == 1:
        return ""
    year_last = _OLDEST <= int(digits[4:]) <= _YOUNGEST and not _OLDEST <= int(digits[:4]) <= _YOUNGEST
    return digits[4:] + digits[2:4] + digits[:2] if year_last else digits
