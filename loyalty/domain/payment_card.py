"""Payment cards as loyalty may know them: a token, a brand and four digits, never a number (row 145)."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from loyalty.errors import InvalidValueError

_FOUR_DIGITS = re.compile(r"[0-9]{4}", re.ASCII)
_DIGITS_OF_A_NUMBER = re.compile(r"(?:[0-9][ -]?){12,19}", re.ASCII)
MAX_FINGERPRINT_CHARS = 128


@dataclass(frozen=True, slots=True)
class CardToken:
    """What a payment terminal tells of a card.

    ``fingerprint`` is the payment provider's token of the card, the same for every payment with it. Text
    that could be a card number is refused, so that none can come in by this door.
    """

    brand: str
    last_four: str
    fingerprint: str

    def __post_init__(self) -> None:
        if not _FOUR_DIGITS.fullmatch(self.last_four):
            raise InvalidValueError("the last four digits of a card are four digits")
        if not 1 <= len(self.fingerprint) <= MAX_FINGERPRINT_CHARS:
            raise InvalidValueError(f"a card token has 1 to {MAX_FINGERPRINT_CHARS} characters")
        if _DIGITS_OF_A_NUMBER.fullmatch(self.fingerprint):
            raise InvalidValueError("this could be a card number, which is never stored")


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
