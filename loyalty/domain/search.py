"""What staff type into the search of the directory, and what it is held against.

Accents and capitals make no difference, nor how a number is grouped. The first places are for an exact
reference or number, then for who came last.
"""

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers

from loyalty.domain.customer import Customer
from loyalty.domain.phone import PhoneNumber, parse_phone_number

MAX_TYPED_CHARS = 100
MAX_WORDS = 6
_PLAIN = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
    | dict.fromkeys("-‐‑–—'’‘ʼ.,;:/()[]\"«»_", " ")
)
_NUMBER_LIKE = re.compile(r"\+?[\d\s.\-/()\u00a0\u202f]+")
_LAST_DIGITS = 8
_NAMES_CHARS, _REFERENCE_CHARS, _DIGITS_CHARS, _EMAIL_CHARS = 150, 60, 40, 100


def fold(text: str) -> str:
    """Lower case without accents and marks, words apart by one space."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(bare.translate(_PLAIN).split())


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """What a customer is found by, folded and cut to what an index takes."""

    given: str
    family: str
    names: str
    reference: str
    digits: str
    email: str


def entry_of(customer: Customer, account_number: str | None = None) -> SearchEntry:
    """The entry of a profile, with the number of the loyalty account where it is another one."""
    parts = (customer.given_name, customer.family_name, customer.nickname, customer.company_name)
    numbers = dict.fromkeys(number for number in (account_number, customer.phone_number) if number)
    return SearchEntry(
        given=fold(customer.given_name or "")[:40],
        family=fold(customer.family_name or customer.company_name or "")[:40],
        names=" ".join(filter(None, (fold(part) for part in parts if part)))[:_NAMES_CHARS],
        reference=(customer.reference_id or "").casefold()[:_REFERENCE_CHARS],
        digits=" ".join(number.lstrip("+") for number in numbers)[:_DIGITS_CHARS],
        email=(customer.email_address or "").casefold()[:_EMAIL_CHARS],
    )


@dataclass(frozen=True, slots=True)
class SearchTerms:
    """What to look for: every word in a name, or all that was typed in a reference, a number or an address.

    ``reference`` and ``number`` are looked up exactly first; a number holds any of ``parts_of_number``. Who
    may not see numbers and addresses has no parts of them: what cannot be seen cannot be guessed digit by
    digit either.
    """

    words: tuple[str, ...]
    part_of_reference: str
    reference: str
    number: PhoneNumber | None = None
    parts_of_number: tuple[str, ...] = ()
    part_of_email: str | None = None


def search_terms(typed: str, phone_region: str, *, sees_contact: bool) -> SearchTerms | None:
    """Read what was typed; None where nothing was."""
    text = " ".join(typed[:MAX_TYPED_CHARS].replace("\x00", " ").split())
    words = tuple(dict.fromkeys(fold(text).split()))[:MAX_WORDS]
    if not text or not (words or any(char.isalnum() for char in text)):
        return None
    looks_like_number = _NUMBER_LIKE.fullmatch(text) is not None
    return SearchTerms(
        words=() if looks_like_number else words,
        part_of_reference=text.casefold(),
        reference=text,
        number=parse_phone_number(text, phone_region) if looks_like_number else None,
        parts_of_number=_digits(text, phone_region) if looks_like_number and sees_contact else (),
        part_of_email=text.casefold() if sees_contact and not looks_like_number else None,
    )


def _digits(text: str, region: str) -> tuple[str, ...]:
    """Digits as they may stand in an international number.

    A national number's leading digit is not among them; but few digits that begin with it may as well be the
    last ones of any number, which is how many say theirs.
    """
    digits = "".join(char for char in text if char.isdecimal() and char.isascii())
    if text.startswith("+") or digits.startswith("00"):
        digits = digits.removeprefix("00")
        return (digits,) if digits else ()
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
    prefix = metadata.national_prefix if metadata is not None else None
    if not prefix or not digits.startswith(prefix):
        return (digits,) if digits else ()
    code, rest = str(phonenumbers.country_code_for_region(region)), digits[len(prefix) :]
    if not rest:
        return ()
    if prefix == code[: len(prefix)]:  # in North America both are 1
        return (digits,)
    return (f"{code}{rest}", digits) if len(digits) <= _LAST_DIGITS else (f"{code}{rest}",)
