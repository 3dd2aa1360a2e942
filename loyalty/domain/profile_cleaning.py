"""What was typed into a profile, made fit to be stored, or refused field by field (rows 91, 209)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from phonenumbers import SUPPORTED_REGIONS

from loyalty.domain.address import PostalAddress
from loyalty.domain.booking.birthday import Birthday
from loyalty.domain.contact.email_address import parse_email_address
from loyalty.domain.custom_field import CustomField
from loyalty.domain.phone import parse_phone_number
from loyalty.domain.profile import MAX_ADDRESSES, Profile, ProfileEdit, ProfileField
from loyalty.domain.text import clean_line, clean_lines
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import InvalidValueError

MAX_NAME_CHARS = 100
MAX_REFERENCE_CHARS = 100
MAX_TEXT_CHARS = 2_000
_MAX_TYPED_CHARS = 10_000
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_BIRTHDAY = re.compile(r"(?:(\d{4})|-)-(\d{2})-(\d{2})")
_YEARS = range(1900, 2200)

_NOT_TAKEN = Refused(Refusal.FIELD_VALUE_INVALID)

FieldName = ProfileField | UUID
"""A field of every profile, or the id of one of the shop's."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The profile as the edit would have it, and why single fields cannot be taken."""

    profile: Profile
    faults: Mapping[FieldName, Refused]


def clean_edit(
    before: Profile, edit: ProfileEdit, own_fields: Mapping[UUID, CustomField], phone_region: str
) -> Cleaned:
    """Lay an edit over a profile. Fields that are at fault keep what they had."""
    faults: dict[FieldName, Refused] = {}
    after = _with_texts(before, edit.texts, phone_region, faults)
    if edit.addresses is not None:
        cleaned = clean_addresses(edit.addresses)
        if isinstance(cleaned, Refused):
            faults[ProfileField.ADDRESSES] = cleaned
        else:
            after = replace(after, addresses=cleaned)
    after = _with_values(after, edit.custom_values, own_fields, phone_region, faults)
    if edit.is_email_private is not None:
        after = replace(after, customer=replace(after.customer, is_email_private=edit.is_email_private))
    if after.customer.email_address != before.customer.email_address:
        after = replace(after, customer=replace(after.customer, email_bounced_at=None))
    return Cleaned(after, faults)


def clean_addresses(typed: tuple[PostalAddress, ...]) -> tuple[PostalAddress, ...] | Refused:
    """Addresses that say something about a place, each line clean."""
    found = []
    for address in typed:
        cleaned = PostalAddress(
            label=clean_line(address.label or "", MAX_NAME_CHARS),
            line_1=clean_line(address.line_1 or "", MAX_NAME_CHARS),
            line_2=clean_line(address.line_2 or "", MAX_NAME_CHARS),
            locality=clean_line(address.locality or "", MAX_NAME_CHARS),
            administrative_area=clean_line(address.administrative_area or "", MAX_NAME_CHARS),
            postal_code=clean_line(address.postal_code or "", 20),
            country=(clean_line(address.country or "", 10) or "").upper() or None,
        )
        if cleaned.country is not None and cleaned.country not in SUPPORTED_REGIONS:
            return Refused(Refusal.COUNTRY_UNKNOWN)
        if not replace(cleaned, country=None).is_empty:
            found.append(cleaned)
    if len(found) > MAX_ADDRESSES:
        return Refused(Refusal.TOO_MANY_ADDRESSES, {"max": MAX_ADDRESSES})
    return tuple(found)


def parse_birthday(text: str) -> Birthday | Refused:
    """``1990-03-12``; ``--03-12`` or ``0000-03-12`` where the year is nobody's business."""
    match = _BIRTHDAY.fullmatch(text.strip())
    if match is None:
        return Refused(Refusal.BIRTHDAY_INVALID)
    year = int(match[1] or 0) or None
    if year is not None and year not in _YEARS:
        return Refused(Refusal.BIRTHDAY_INVALID)
    try:
        return Birthday(int(match[2]), int(match[3]), year)
    except InvalidValueError:
        return Refused(Refusal.BIRTHDAY_INVALID)


def _with_texts(
    before: Profile,
    texts: Mapping[ProfileField, str],
    phone_region: str,
    faults: dict[FieldName, Refused],
) -> Profile:
    columns: dict[str, str | None] = {}
    birthday = before.birthday
    for name, typed in texts.items():
        value = _cleaned_text(name, typed, phone_region)
        if isinstance(value, Refused):
            faults[name] = value
        elif name is ProfileField.BIRTHDAY or isinstance(value, Birthday):
            birthday = value if isinstance(value, Birthday) else None
        else:
            columns[name.value] = value
    customer = replace(before.customer, **columns)  # type: ignore[arg-type]
    return replace(before, customer=customer, birthday=birthday)


def _with_values(
    before: Profile,
    typed_values: Mapping[UUID, str],
    own_fields: Mapping[UUID, CustomField],
    phone_region: str,
    faults: dict[FieldName, Refused],
) -> Profile:
    values = dict(before.custom_values)
    for field_id, typed in typed_values.items():
        own_field = own_fields.get(field_id)
        value = _own_value(own_field, typed, phone_region) if own_field is not None else _NOT_TAKEN
        if isinstance(value, Refused):
            faults[field_id] = value
        elif value is None:
            values.pop(field_id, None)
        else:
            values[field_id] = value
    return replace(before, custom_values=values)


def _own_value(own_field: CustomField, typed: str, phone_region: str) -> str | Refused | None:
    if clean_line(typed, _MAX_TYPED_CHARS) is None:
        return None
    return own_field.canonical(typed, phone_region) or _NOT_TAKEN


def _cleaned_text(name: ProfileField, typed: str, phone_region: str) -> str | Birthday | Refused | None:
    clean = _LINES.get(name, clean_line)
    text = clean(typed, _MAX_TYPED_CHARS)
    if text is None:
        return None
    max_chars = _MAX_CHARS.get(name, MAX_NAME_CHARS)
    if len(text) > max_chars:
        return Refused(Refusal.TEXT_TOO_LONG, {"max": max_chars})
    match name:
        case ProfileField.PHONE_NUMBER:
            return parse_phone_number(text, phone_region) or Refused(Refusal.PHONE_NUMBER_INVALID)
        case ProfileField.EMAIL_ADDRESS:
            return parse_email_address(text) or Refused(Refusal.EMAIL_ADDRESS_INVALID)
        case ProfileField.LANGUAGE:
            return text if _LANGUAGE.fullmatch(text) else Refused(Refusal.LANGUAGE_UNKNOWN)
        case ProfileField.BIRTHDAY:
            return parse_birthday(text)
        case _:
            return text


_LINES: Mapping[ProfileField, Callable[[str, int], str | None]] = {
    ProfileField.PREFERENCES: clean_lines,
    ProfileField.NOTE: clean_lines,
}
_MAX_CHARS: Mapping[ProfileField, int] = {
    ProfileField.PREFERENCES: MAX_TEXT_CHARS,
    ProfileField.NOTE: MAX_TEXT_CHARS,
    ProfileField.EMAIL_ADDRESS: 320,
    ProfileField.REFERENCE_ID: MAX_REFERENCE_CHARS,
}
