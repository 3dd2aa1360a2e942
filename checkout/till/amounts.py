"""Amounts as people type them, and the notes and coins a customer is likely to hand over."""

import re
from decimal import Decimal, InvalidOperation

from babel.numbers import get_currency_precision

_AMOUNT = re.compile(r"\d{1,7}([.,]\d{1,3})?")
_NOTES_MAJOR = (5, 10, 20, 50, 100, 200)
MAX_QUICK = 4


def parse_amount(text: str, currency: str) -> int | None:
    """Minor units of a typed amount such as ``20``, ``20,5`` or ``20.50 €``; None where it is none."""
    bare = re.sub(r"[\s\u00a0\u202f€$£]", "", text[:40])
    digits = get_currency_precision(currency)
    if not _AMOUNT.fullmatch(bare) or not bare.isascii():
        return None
    try:
        amount = Decimal(bare.replace(",", ".")).scaleb(digits)
    except InvalidOperation:
        return None
    return int(amount) if amount == amount.to_integral_value() else None


def quick_amounts(total_minor: int, currency: str) -> tuple[int, ...]:
    """The exact amount first, then what the next notes up come to."""
    unit = 10 ** get_currency_precision(currency)
    amounts = [total_minor]
    for note in _NOTES_MAJOR:
        step = note * unit
        rounded = -(-total_minor // step) * step
        if rounded > amounts[-1]:
            amounts.append(rounded)
    return tuple(amounts[:MAX_QUICK])
