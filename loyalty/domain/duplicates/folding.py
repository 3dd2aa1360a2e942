"""Folds the ways in which one thing is written into one: case, accents, punctuation, forms of numbers."""

import re
from collections.abc import Callable

from loyalty.domain.duplicates.birthdays import folded_birthday
from loyalty.domain.duplicates.fields import Field
from loyalty.domain.text import without_accents

_MANY = 200
"""Longer texts are cut: nothing that tells two people apart stands behind."""
_NO_WORD = re.compile(r"[\W_]+")
_NO_DIGIT = re.compile(r"\D+")
_PLACEHOLDERS = frozenset(
    ["", "n a", "na", "none", "null", "nan", "nil", "unknown", "inconnu", "inconnue", "x", "xx"]
)
_SHORT_STREET_WORDS = """
st street saint, ste sainte, rd road, av avenue ave, bd boulevard boul blvd, pl place, dr drive, ct court,
cr crescent cres, ch chemin, imp impasse, all allee, rte route, ln lane, cl close, tce terrace, pde parade,
cct circuit, hwy highway, sq square, apt apartment appartement app appt, n north nord, s south sud,
e east est, w west ouest
"""
_STREET_WORDS = {
    long: words.split()[0] for words in _SHORT_STREET_WORDS.split(",") for long in words.split()[1:]
}


def folded_words(text: str) -> str:
    """Lower case, without accents, words of letters and digits with one space between."""
    words = _NO_WORD.sub(" ", without_accents(text[:_MANY].lower())).strip()
    return "" if words in _PLACEHOLDERS else words


def folded_street(text: str) -> str:
    """Words, with the kinds of street in their short form."""
    return " ".join(_STREET_WORDS.get(word, word) for word in folded_words(text).split())


def folded_phone(text: str) -> str:
    """The last nine digits: national and international writing end alike."""
    digits = _NO_DIGIT.sub("", text[:_MANY])
    if digits.endswith(".0") or len(digits) < 6 or len(set(digits)) < 3:
        return ""
    return digits[-9:]


def folded_email(text: str) -> str:
    """Lower case without blanks; capital letters never tell two mailboxes apart in practice."""
    address = "".join(text[:_MANY].lower().split())
    return "" if address in _PLACEHOLDERS else address


def folded_reference(text: str) -> str:
    """Letters and digits in capitals; leading zeros stay."""
    return folded_words(text).replace(" ", "").upper()


def folded_gender(text: str) -> str:
    """The first letter, with the French words put beside the English ones."""
    first = folded_words(text)[:1]
    return {"h": "m"}.get(first, first)


_FOLDS: dict[Field, Callable[[str], str]] = {
    Field.BIRTHDAY: folded_birthday,
    Field.PHONE: folded_phone,
    Field.SECOND_PHONE: folded_phone,
    Field.EMAIL: folded_email,
    Field.REFERENCE: folded_reference,
    Field.STREET: folded_street,
    Field.SECOND_STREET: folded_street,
    Field.GENDER: folded_gender,
    Field.POSTCODE: folded_reference,
}


def fold_of(field: Field) -> Callable[[str], str]:
    """How texts of this field are folded."""
    return _FOLDS.get(field, folded_words)
