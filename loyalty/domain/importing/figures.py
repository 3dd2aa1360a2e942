"""Figures as people and systems write them: thousands in groups, point or comma, a currency beside them."""

import re
import unicodedata
from decimal import Decimal

from babel.numbers import is_currency

_FIGURE = re.compile(
    r"(?P<whole>[1-9]\d{0,2}(?P<group>[ .,'’])\d{3}(?:(?P=group)\d{3})*|\d*)(?:(?P<mark>[.,])(?P<part>\d+))?"
)
_ONE_GROUP = re.compile(r"(\d{1,3})[.,](\d{3})")
_NAME = r"[^\d\s.,'’+−-]{1,8}(?: [^\d\s.,'’+−-]{1,3})?\.?"
_MONEY = re.compile(
    rf"(?P<sign>[+−-]?) ?(?:(?P<before>{_NAME}) ?(?P<inner>[+−-]?))?"
    rf"(?P<figure>[\d.,][\d .,'’]*?)(?: ?(?P<after>{_NAME}))?"
)
_CURRENCY_WORDS = frozenset(
    ("euro", "euros", "dollar", "dollars", "franc", "francs", "livre", "livres", "pound", "pounds", "fr",
     "frs", "sfr", "dh", "dhs", "dt", "da", "fcfa", "cfa", "us", "ca", "c", "a", "can", "cad", "nt", "hk")
)  # fmt: skip
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+")


def is_scientific(text: str) -> bool:
    """Whether a spreadsheet wrote a number as ``3,36E+10``, of which the last digits may be gone."""
    return _SCIENTIFIC.fullmatch(text) is not None


def all_digits(text: str) -> str | None:
    """The digits of ``6.12345678E8``, which has them all; None where some are lost."""
    mantissa, _, exponent = text.lower().partition("e")
    whole, _, part = mantissa.replace(",", ".").partition(".")
    missing = int(exponent) - len(part)
    return whole + part if missing == 0 and part else None


def figure(text: str, *, has_thousandths: bool = False) -> Decimal | None:
    """The number that is meant; None where it is none, or could be anything.

    Three digits behind the only point or comma are thousands, as nobody writes three decimals; a sheet that
    knows what is a number says so by a fourth (see ``xlsx_cells``).

    Args:
        text: Without spaces at its ends.
        has_thousandths: Three decimals are what is usual here, as with money that has a thousand parts.
    """
    found = _FIGURE.fullmatch(text)
    if found is None or (found["mark"] is not None and found["mark"] == found["group"]):
        return None
    if has_thousandths and _ONE_GROUP.fullmatch(text):
        return Decimal(text.replace(",", "."))
    whole, part = re.sub(r"\D", "", found["whole"]), found["part"] or ""
    return Decimal(f"{whole or 0}.{part or 0}") if whole or part else None


def money(text: str, *, has_thousandths: bool = False) -> Decimal | None:
    """The amount that is meant, with at most one currency beside it; None where the text is more."""
    found = _MONEY.fullmatch(text)
    if found is None or (found["before"] and found["after"]) or (found["sign"] and found["inner"]):
        return None
    currency = found["before"] or found["after"]
    if currency is not None and not _is_currency(currency):
        return None
    number = figure(found["figure"], has_thousandths=has_thousandths)
    is_negative = (found["sign"] or found["inner"] or "+") != "+"
    return -number if number is not None and is_negative else number


def _is_currency(text: str) -> bool:
    """A sign, a code of three letters or a word; ``CA$`` and ``$ US`` are a sign and a word."""
    word = "".join(char for char in text if unicodedata.category(char) != "Sc").strip(" .")
    signs = sum(unicodedata.category(char) == "Sc" for char in text)
    if signs > 1 or not (signs or word):
        return False
    return not word or word.casefold() in _CURRENCY_WORDS or (not signs and is_currency(word.upper()))
