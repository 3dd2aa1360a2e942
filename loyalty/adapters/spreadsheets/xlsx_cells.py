"""The text of a cell of an XLSX, as its author sees it: leading zeros, dates, whole numbers."""

import re
from datetime import date, datetime, time, timedelta

_LITERALS = re.compile(r'"[^"]*"|\\.|[\s().\-/]|_.|\*.')
_ZERO_PADDED = re.compile(r"0[0#]+")


def text_of(value: object, number_format: str | None) -> str:
    """What stands in the cell.

    Args:
        value: As openpyxl gives it.
        number_format: The cell's: ``00000`` shows 42 as 00042, and so does a format of a phone number.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value, number_format or "General")
    if isinstance(value, datetime):
        is_day = value.time() == time() and value.tzinfo is None
        return value.date().isoformat() if is_day else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


def _number(value: float, number_format: str) -> str:
    if isinstance(value, float) and not value.is_integer():
        return repr(value)
    if abs(value) >= 1e21:
        return repr(value)
    digits = str(int(value))
    places = _LITERALS.sub("", number_format.split(";", 1)[0])
    return digits.zfill(len(places)) if _ZERO_PADDED.fullmatch(places) and value >= 0 else digits
