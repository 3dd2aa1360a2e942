"""Cells that hold something and say nothing: dashes, errors of a spreadsheet, dates of zeros."""

import re

from loyalty.domain.importing.words import plain_word

_BLANKS = frozenset(
    ("#N/A", "#N/D", "#REF!", "#VALUE!", "#VALEUR!", "#NAME?", "#NOM?", "#NULL!", "#NUL!", "#DIV/0!", "#NUM!",
     "#NOMBRE!", "N/A", "n/a", "N/D", "n/d", "NULL", "null", "None", "NONE", "none", "NaN", "undefined")
)  # fmt: skip
"""As programs write them: ``Null`` is the name of people."""
_BLANK_WORDS = frozenset(
    ("neant", "aucun", "aucune", "inconnu", "inconnue", "non renseigne", "non renseignee")
)
_INITIALS = frozenset("0naiuNAIU")
"""Of those words and dates: few cells of a large sheet are looked at more closely."""
_SIGNS = re.compile(r"[-–—_.?*/\s]+|#{2,}")
_ZERO_DATE = re.compile(r"(?:0000[-/.]00[-/.]00|00[-/.]00[-/.]0000)(?:[T ]+[0:.]+Z?)?")
_LONGEST = 30


def says_nothing(text: str) -> bool:
    """Whether a cell counts as blank, so that it overwrites nothing (X8)."""
    if len(text) > _LONGEST:
        return False
    bare = text.strip()
    first = bare[:1]
    if first.isalnum() and first not in _INITIALS:
        return False
    if bare in _BLANKS or _SIGNS.fullmatch(bare) or _ZERO_DATE.fullmatch(bare):
        return True
    return first.isalpha() and plain_word(bare) in _BLANK_WORDS
