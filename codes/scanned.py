"""What a scanned text can be: a signed card, a bare reference, an address that contains one, or nothing.

The address is never opened (row 209); it is only taken apart for the reference number in it (row 100).
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from codes.card import PREFIX

MAX_CHARS = 512
_REFERENCE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._/-]{0,98}[A-Za-z0-9])?")
_BARE_ADDRESS = re.compile(r"www\.(?:[a-z0-9-]+\.)+[a-z]{2,}/", re.IGNORECASE)
"""Without ``https://``; other names of machines look like references too much."""

_NAMED_FIRST = ("reference_id", "reference", "ref", "member", "card", "code", "id")
_MAX_CANDIDATES = 8


@dataclass(frozen=True)
class ScannedCard:
    """It claims to be a signed card: verify it."""

    text: str


@dataclass(frozen=True)
class References:
    """One or more texts, likeliest first, that may be a reference number or an item's barcode.

    Matched exactly, upper and lower case told apart, leading zeros kept (X10). If two candidates of one
    address name different members, none is meant.
    """

    candidates: tuple[str, ...]
    is_address: bool


@dataclass(frozen=True)
class Unreadable:
    """It can be nothing here: ``empty``, ``too_long``, ``control_characters`` or ``no_reference``."""

    reason: str


def classify(text: str) -> ScannedCard | References | Unreadable:
    """What the text can be; never raises, whatever it holds."""
    text = text.removeprefix("\ufeff").strip(" \t\r\n")
    if not text:
        return Unreadable("empty")
    if len(text) > MAX_CHARS:
        return Unreadable("too_long")
    if any(ord(char) < 32 or 127 <= ord(char) < 160 for char in text):
        return Unreadable("control_characters")
    if text[: len(PREFIX)].upper() == PREFIX and len(text) > 100:
        return ScannedCard(text)
    if re.match(r"https?://", text, re.IGNORECASE):
        return _from_address(text)
    if _BARE_ADDRESS.match(text):
        return _from_address(f"https://{text}", as_it_stands=text)
    if _REFERENCE.fullmatch(text):
        return References((text,), is_address=False)
    return Unreadable("no_reference")


def _from_address(text: str, as_it_stands: str = "") -> ScannedCard | References | Unreadable:
    try:
        address = urlsplit(text)
        query = parse_qsl(address.query, keep_blank_values=False, max_num_fields=50)
    except ValueError:
        return Unreadable("no_reference")
    named = [value for name in _NAMED_FIRST for key, value in query if key.lower() == name]
    others = [value for _, value in query]
    anchors = address.fragment.removeprefix("!").split("/")
    # A step may carry parameters of its own: what a server remembers of a visitor, as ";jsessionid=".
    steps = [step.partition(";")[0].replace("+", " ") for step in address.path.split("/")]
    found = [*named, *others, *map(unquote, reversed([*steps, *anchors])), as_it_stands]
    found = [candidate.strip() for candidate in found]
    for candidate in found:
        if candidate[: len(PREFIX)].upper() == PREFIX and 100 < len(candidate) <= 200:
            return ScannedCard(candidate)
    candidates = tuple(dict.fromkeys(part for part in found if _REFERENCE.fullmatch(part)))
    if not candidates:
        return Unreadable("no_reference")
    return References(candidates[:_MAX_CANDIDATES], is_address=True)
