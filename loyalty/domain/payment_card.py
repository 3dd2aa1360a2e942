"""Payment cards as loyalty may know them: a token, a brand and four digits, never a number (row 145)."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from loyalty.domain.text import clean_line
from loyalty.errors import InvalidValueError

_FOUR_DIGITS = re.compile(r"[0-9]{4}", re.ASCII)
_DIGITS_OF_A_NUMBER = re.compile(r"(?:[0-9][ -]?){12,19}", re.ASCII)
MAX_FINGERPRINT_CHARS = 128
MAX_HOLDER_CHARS = 60


class CardEntry(StrEnum):
    """How a terminal read a card."""

    CHIP_AND_PIN = "chip_and_pin"
    CONTACTLESS = "contactless"
    SWIPED = "swiped"
    KEYED = "keyed"


@dataclass(frozen=True, slots=True)
class CardToken:
    """What a payment terminal tells of a card.

    ``fingerprint`` is the payment provider's token of the card, the same for every payment with it. Text
    that could be a card number is refused, so that none can come in by this door. The holder's name is
    kept of chip and PIN alone: only there did the terminal see that it is the holder who pays (row 3).
    """

    brand: str
    last_four: str
    fingerprint: str
    entry: CardEntry | None = None
    """None where the terminal does not say."""
    cardholder_name: str | None = None

    def __post_init__(self) -> None:
        if not _FOUR_DIGITS.fullmatch(self.last_four):
            raise InvalidValueError("the last four digits of a card are four digits")
        if not 1 <= len(self.fingerprint) <= MAX_FINGERPRINT_CHARS:
            raise InvalidValueError(f"a card token has 1 to {MAX_FINGERPRINT_CHARS} characters")
        if _DIGITS_OF_A_NUMBER.fullmatch(self.fingerprint):
            raise InvalidValueError("this could be a card number, which is never stored")
        name = clean_line(self.cardholder_name or "", MAX_HOLDER_CHARS)
        is_seen = self.entry is CardEntry.CHIP_AND_PIN
        object.__setattr__(self, "cardholder_name", name if is_seen and not _is_number(name) else None)

    @property
    def bare(self) -> "CardToken":
        """The same without the holder's name."""
        return self if self.cardholder_name is None else replace(self, cardholder_name=None)

    @property
    def holder(self) -> tuple[str | None, str | None]:
        """Given and family name, from ``ROUX/CAMILLE`` or ``CAMILLE ROUX``; None where there is none."""
        if self.cardholder_name is None:
            return None, None
        family, slash, given = self.cardholder_name.partition("/")
        if not slash:
            given, _, family = self.cardholder_name.partition(" ")
        return _as_written(given), _as_written(family)


@dataclass(frozen=True, slots=True)
class LinkedCard:
    """A member's payment card: paying with it says who is there. Unlinked, it says nothing any more."""

    id: UUID
    customer_id: UUID
    card: CardToken
    linked_at: datetime
    unlinked_at: datetime | None = None

    def identifies(self, card: CardToken) -> bool:
        """Whether a payment with ``card`` is a payment of this member."""
        return self.unlinked_at is None and self.card.fingerprint == card.fingerprint


def _is_number(name: str | None) -> bool:
    return name is not None and _DIGITS_OF_A_NUMBER.search(name) is not None


def _as_written(part: str) -> str | None:
    """Cards are embossed in capitals; people write their names otherwise."""
    bare = part.strip()
    return (bare.title() if bare.isupper() else bare) or None
