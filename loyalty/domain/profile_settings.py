"""What the shop decides about its profiles: which fields are shown, and what its membership codes say."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from loyalty.domain.profile import ProfileField
from loyalty.errors import InvalidValueError

HIDEABLE_FIELDS = frozenset(
    {
        ProfileField.NICKNAME,
        ProfileField.COMPANY_NAME,
        ProfileField.BIRTHDAY,
        ProfileField.LANGUAGE,
        ProfileField.REFERENCE_ID,
        ProfileField.PREFERENCES,
        ProfileField.NOTE,
        ProfileField.ADDRESSES,
    }
)
"""Names, phone number and e-mail address are always there: a profile is found by them."""

REFERENCE_PLACE = "{reference}"
MAX_ADDRESS_CHARS = 200


class CodeContent(StrEnum):
    """What a code that a customer shows says (rows 84, 99, 100)."""

    CARD = "card"
    """A signed card: nobody can make one up, and a lost one is revoked."""
    REFERENCE = "reference"
    """The bare reference number, for cards of an older system."""
    ADDRESS = "address"
    """An address of the shop with the reference number in it: scanners take the number, phones go there."""


@dataclass(frozen=True, slots=True)
class ProfileSettings:
    """``hidden`` fields keep their values; forms and pages leave them out (row 97).

    ``code_address`` is an address with ``{reference}`` in it, or empty.
    """

    hidden: frozenset[ProfileField] = frozenset({ProfileField.REFERENCE_ID})
    code_content: CodeContent = CodeContent.CARD
    code_address: str = ""
    remembers_cards: bool = True
    """A payment card that nobody knows makes a profile by itself (row 2)."""

    def __post_init__(self) -> None:
        if not self.hidden <= HIDEABLE_FIELDS:
            raise InvalidValueError("this field is always shown")
        if self.code_address and not is_code_address(self.code_address):
            raise InvalidValueError(f"an address starts with https:// and holds {REFERENCE_PLACE}")
        if self.code_content is CodeContent.ADDRESS and not self.code_address:
            raise InvalidValueError("codes that are addresses need one")

    def shown(self, fields: Collection[ProfileField]) -> tuple[ProfileField, ...]:
        """Those of the fields that pages show, in their order."""
        return tuple(name for name in fields if name not in self.hidden)


def is_code_address(text: str) -> bool:
    """Whether a reference number can be put into it to make an address that our scanners understand."""
    is_web = text.startswith(("https://", "http://"))
    is_plain = text.isascii() and text.isprintable() and " " not in text and len(text) <= MAX_ADDRESS_CHARS
    return is_web and is_plain and text.count(REFERENCE_PLACE) == 1


DEFAULT_PROFILE_SETTINGS = ProfileSettings()
