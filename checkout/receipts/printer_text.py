"""Text as one code page of a receipt printer can write it (rows 186, 209).

A printer knows a few of the old pages of 256 characters. One page is chosen for the whole receipt, the first
of our list that the printer has: switching in mid-line is where cheap printers fail. What the page lacks is
written otherwise, and no control character is ever let through.
"""

import unicodedata
from collections.abc import Collection

PREFERRED_PAGES = ("CP858", "CP1252", "ISO_8859-15", "CP850", "CP437", "CP863", "CP860")
"""French accents and € first; the later ones have no €."""

NO_BREAK = "\u00a0"
"""Kept while lines are broken; written as a blank, for some printers draw their no-break space as a box."""

_ASCII = "ascii"
_CODECS = {"ISO_8859-15": "iso8859-15"}
_OTHERWISE = {
    "\u202f": NO_BREAK, "\u2007": NO_BREAK, "\u2009": NO_BREAK, "\u2011": "-", "\u2212": "-", "\u2013": "-",
    "\u2014": "-", "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"',
    "\u00ab": '"', "\u00bb": '"', "\u2026": "...", "\u00b7": "-", "\u2022": "*", "\u00d7": "x",
    "\u00b0": "o", "\u00ba": "o", "\u20ac": "EUR", "\u0153": "oe", "\u0152": "OE", "\u00e6": "ae",
    "\u00c6": "AE", "\u00df": "ss", "\u00f8": "o", "\u00d8": "O", "\u2192": "->",
}  # fmt: skip


def best_page(pages: Collection[str]) -> str:
    """The code page to print with, by python-escpos' name; ``ascii`` where the printer has none of ours."""
    return next((page for page in PREFERRED_PAGES if page in pages), _ASCII)


def printable(text: str, page: str) -> str:
    """The text in characters that the page has; whatever would steer the printer is gone."""
    return "".join(_written(char, page) for char in text)


def _written(char: str, page: str) -> str:
    if char < " " or "\x7f" <= char < "\xa0":
        return ""
    if char == NO_BREAK or _has(page, char):
        return char
    if char in _OTHERWISE:
        return _OTHERWISE[char]
    bare = "".join(part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part))
    if bare != char and bare and all(" " <= part <= "~" for part in bare):
        return bare
    return "" if unicodedata.category(char)[0] in "CM" else "?"


def _has(page: str, char: str) -> bool:
    try:
        char.encode(_CODECS.get(page, page))
    except UnicodeEncodeError:
        return False
    return True
