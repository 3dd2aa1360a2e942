"""Whether two spellings are one name: only then does a shared number or address make one person of two."""

import re
from difflib import SequenceMatcher
from enum import Enum, auto
from itertools import groupby

from rapidfuzz.distance import OSA

from loyalty.domain.text import without_accents

_ALIKE = 0.6
"""From here on two family names may be one: whoever bears them shares the given name as well."""
_LEAST_FOR_A_SLIP = 5
"""Letters of a given name in which one may be wrong: shorter ones are names of their own, Léa and Léo."""
_FORMS = frozenset(
    {"", "a", "e", "i", "o", "y", "ia", "ie", "io", "n", "ne", "an", "ane", "na", "ine", "in", "ina"}
)
"""What follows the common beginning of a man's and a woman's form of one name."""
_SHORT_FORMS = frozenset({
    "alex", "ben", "cath", "caro", "chris", "clem", "dan", "dom", "ed", "fab", "flo", "fred",
    "gab", "greg", "guil", "isa", "jon", "jos", "josh", "kat", "manu", "marg", "mat", "matt",
    "max", "mel", "mick", "nat", "nath", "nico", "nic", "phil", "raph", "rob", "rom", "sab", "sam",
    "seb", "steph", "syl", "tim", "theo", "val", "vero", "vic", "vince", "will", "xav", "zac",
})  # fmt: skip
"""Beginnings by which people are called; other beginnings are names of their own, Luc and Lucas."""


class Likeness(Enum):
    """What two spellings say of each other."""

    ALIKE = auto()
    OTHER = auto()
    UNKNOWN = auto()


def given_likeness(one: str | None, two: str | None) -> Likeness:
    """Spellings of one given name: initials, short forms, a name less of several, one letter wrong."""
    if one is None or two is None:
        return Likeness.UNKNOWN
    first, second = sorted((_words(one), _words(two)), key=lambda words: len("".join(words)))
    short, long = "".join(first), "".join(second)
    if not short or short == long:
        return Likeness.ALIKE
    is_part = first == second[: len(first)]
    is_initials = short == "".join(word[0] for word in second)
    is_short_form = long.startswith(short) and (len(short) <= 2 or short in _SHORT_FORMS)
    is_alike = is_part or is_initials or is_short_form or _is_slip(short, long)
    return Likeness.ALIKE if is_alike else Likeness.OTHER


def family_likeness(one: str | None, two: str | None) -> Likeness:
    """Spellings of one family name; a name cut short is one."""
    if one is None or two is None:
        return Likeness.UNKNOWN
    short, long = sorted(("".join(_words(one)), "".join(_words(two))), key=len)
    is_alike = long.startswith(short) or SequenceMatcher(None, short, long).ratio() >= _ALIKE
    return Likeness.ALIKE if is_alike else Likeness.OTHER


def _is_slip(short: str, long: str) -> bool:
    one, two = _without_doubles(short), _without_doubles(long)
    if one == two:
        return True
    shared = next((place for place, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), len(one))
    if {one[shared:], two[shared:]} <= _FORMS:
        return False
    return len(long) >= _LEAST_FOR_A_SLIP and OSA.distance(one, two) == 1


def _without_doubles(name: str) -> str:
    return "".join(letter for letter, _ in groupby(name))


def _words(name: str) -> list[str]:
    return re.sub(r"[\W_]+", " ", without_accents(name.casefold())).split()
