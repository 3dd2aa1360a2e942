"""Fields that a shop adds to its profiles (row 43)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from uuid import UUID

from loyalty.domain.contact.email_address import parse_email_address
from loyalty.domain.phone import parse_phone_number
from loyalty.domain.text import clean_line

MAX_VALUE_CHARS = 500
MAX_CHOICES = 50
_MAX_NUMBER = Decimal(10) ** 15
_YES, _NO = "true", "false"


class FieldKind(StrEnum):
    """What a field takes. Toggles and selections are filters by themselves (row 48)."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    EMAIL = "email"
    PHONE = "phone"
    TOGGLE = "toggle"
    SELECTION = "selection"


@dataclass(frozen=True, slots=True)
class CustomField:
    """One field of every profile. ``choices`` belong to a selection and are empty otherwise."""

    id: UUID
    name: str
    kind: FieldKind
    choices: tuple[str, ...] = ()
    position: int = 0
    archived_at: datetime | None = None
    """Since when it is no longer asked for; its values stay."""

    def canonical(self, typed: str, phone_region: str) -> str | None:
        """The form in which a value is stored and compared; None where the field cannot take it.

        Numbers are plain decimals with a point, dates ISO 8601, phone numbers E.164, toggles ``true`` or
        ``false``, choices exactly as the shop wrote them.
        """
        text = clean_line(typed, MAX_VALUE_CHARS)
        if text is None:
            return None
        match self.kind:
            case FieldKind.TEXT:
                return text
            case FieldKind.NUMBER:
                return _number(text)
            case FieldKind.DATE:
                return _date(text)
            case FieldKind.EMAIL:
                return parse_email_address(text)
            case FieldKind.PHONE:
                return parse_phone_number(text, phone_region)
            case FieldKind.TOGGLE:
                return text if text in (_YES, _NO) else None
            case FieldKind.SELECTION:
                return next((each for each in self.choices if each.casefold() == text.casefold()), None)


def _number(text: str) -> str | None:
    try:
        number = Decimal(text.replace("\u202f", "").replace(" ", "").replace(",", "."))
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) >= _MAX_NUMBER:
        return None
    rounded = round(number, 6).normalize()
    return "0" if rounded == 0 else f"{rounded:f}"


def _date(text: str) -> str | None:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None
