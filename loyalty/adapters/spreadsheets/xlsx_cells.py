"""The text of a cell of an XLSX, as its author sees it: leading zeros, dates, whole numbers."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

_LITERALS = re.compile(r'"[^"]*"|\\.|[\s().\-/]|_.|\*.')
_ZERO_PADDED = re.compile(r"0[0#]+")
_DIGITS = 15
"""What a spreadsheet keeps of a number."""
_INVENTED = 10**_DIGITS
"""From here on the last digits of a number are not those that were typed: it is written as rounded."""
_LIKE_THOUSANDS = 3
"""Decimals that would be taken for thousands: 45.125 is written 45.1250."""


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
    """So that whoever reads the text finds the same number: see ``loyalty.domain.importing.figures``."""
    if abs(value) >= _INVENTED:
        return f"{value:.14E}"
    exact = Decimal(f"{value:.{_DIGITS}g}")
    if exact != exact.to_integral_value():
        part = -int(exact.as_tuple().exponent)
        return f"{exact:.4f}" if part == _LIKE_THOUSANDS else f"{exact:f}"
    digits = str(int(exact))
    places = _LITERALS.sub("", number_format.split(";", 1)[0])
    return digits.zfill(len(places)) if _ZERO_PADDED.fullmatch(places) and value >= 0 else digits
