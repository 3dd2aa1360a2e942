"""A payment card as a register may tell of it: a token, a brand, four digits; never a number."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from messaging.errors import CardNumberError
from messaging.model import Part, printable

_WHOLE = re.compile(r"(?:[0-9][^0-9A-Za-z]?){12,19}", re.ASCII)
_WITHIN = re.compile(r"(?<![0-9A-Za-z])[0-9](?:[^0-9A-Za-z]?[0-9]){11,18}(?![0-9A-Za-z])", re.ASCII)
_WITHIN_BYTES = re.compile(_WITHIN.pattern.encode(), re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE | re.ASCII)


def _no_number(text: str) -> str:
    """The text, which may go into messages and into the database.

    Raises:
        PydanticCustomError: It could be a card's number or holds one; the text is not repeated.
    """
    is_number = _WHOLE.fullmatch(text) is not None
    holds_one = _UUID.fullmatch(text) is None and any(_is_sound(each[0]) for each in _WITHIN.finditer(text))
    if is_number or holds_one:
        raise PydanticCustomError(CardNumberError.code, "this could be a card number, which is never taken")
    return text


def without_card_numbers(payload: bytes) -> bytes:
    """The payload with whatever could be a card's number made unreadable, its last four digits aside."""

    def hidden(found: re.Match[bytes]) -> bytes:
        text = found[0].decode("ascii")
        return b"*" * (len(text) - 4) + text[-4:].encode() if _is_sound(text) else found[0]

    return _WITHIN_BYTES.sub(hidden, payload)


def _is_sound(text: str) -> bool:
    """Whether the check digit is right, by Luhn's rule."""
    digits = [int(each) for each in reversed(text) if each.isdigit()]
    return sum(digits[::2] + [sum(divmod(2 * each, 10)) for each in digits[1::2]]) % 10 == 0


class PaymentCard(Part):
    """What the payment terminal tells of the card. Any other field is refused: it could hold a number."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    brand: Annotated[
        str, StringConstraints(min_length=1, max_length=30, pattern=r"^\D+$"), AfterValidator(printable)
    ]
    last_four: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]
    fingerprint: Annotated[str, StringConstraints(pattern=r"^[!-~]{1,128}$"), AfterValidator(_no_number)]
    """The payment provider's token of the card, the same for every payment with it."""
    entry: Literal["chip_and_pin", "contactless", "swiped", "keyed"] | None = None
    """How the terminal read it; None where it does not say."""


def _is_none(value: Any) -> bool:
    return value is None


CardOfPayment = Annotated[PaymentCard | None, Field(exclude_if=_is_none)]
"""Left out where there is none, so that what was asked before there were cards has the same digest."""
