"""A section of a profile as a form: what stands in it at first, and what was typed, read into an edit."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from uuid import UUID

from checkout.profiles.sections import ProfileSection, own_key
from checkout.programme.typed import Typed
from loyalty.domain.address import PostalAddress
from loyalty.domain.custom_field import CustomField
from loyalty.domain.phone import national_format
from loyalty.domain.profile import MAX_ADDRESSES, Profile, ProfileEdit, ProfileField

_PARTS = tuple(part.name for part in fields(PostalAddress))
KEPT, WAS, PRIVATE = "keep.", "was.", "is_email_private"


def filled(
    profile: Profile, section: ProfileSection, own_fields: Sequence[CustomField], region: str
) -> Typed:
    """The form as it is opened: every field with what the profile says."""
    values: dict[str, tuple[str, ...]] = {"version": (str(profile.customer.version),)}
    for name in section.fields:
        if name is ProfileField.BIRTHDAY:
            values |= _birthday_filled(profile)
        elif name is ProfileField.ADDRESSES:
            values |= _addresses_filled(profile)
        else:
            values[name.value] = (_shown(profile, name, region),)
    if ProfileField.EMAIL_ADDRESS in section.fields and profile.customer.is_email_private:
        values[PRIVATE] = ("yes",)
    for own_field in own_fields:
        values[own_key(own_field.id)] = (profile.custom_values.get(own_field.id, ""),)
    return Typed(
        values
        | {f"{WAS}{key}": (text,) for key, text in texts_of(profile, section, own_fields, region).items()}
    )


def read_edit(typed: Typed, section: ProfileSection, own_fields: Sequence[CustomField]) -> ProfileEdit:
    """What was typed; fields for which somebody chose to keep the other one's words are left out."""
    texts: dict[ProfileField, str] = {}
    addresses = None
    for name in section.fields:
        if typed.one(f"{KEPT}{name.value}") == "theirs":
            continue
        if name is ProfileField.ADDRESSES:
            addresses = read_addresses(typed)
        elif name is ProfileField.BIRTHDAY:
            texts[name] = read_birthday(typed)
        else:
            texts[name] = typed.one(name.value)
    is_private = typed.has(PRIVATE, "yes") if ProfileField.EMAIL_ADDRESS in texts else None
    return ProfileEdit(texts, addresses, _own_values(typed, own_fields), is_private)


def read_birthday(typed: Typed) -> str:
    """Day, month and year of the form as ISO 8601; empty where all are."""
    year, month, day = (typed.one(f"birthday_{part}").strip() for part in ("year", "month", "day"))
    if not (year or month or day):
        return ""
    return f"{year.zfill(4) if year else '-'}-{month.zfill(2)}-{day.zfill(2)}"


def read_addresses(typed: Typed) -> tuple[PostalAddress, ...]:
    """The addresses of the form, those that are to go left out."""
    found = []
    for number in range(MAX_ADDRESSES + 1):
        if typed.has(f"address{number}_remove", "yes"):
            continue
        parts = {part: typed.one(f"address{number}_{part}") for part in _PARTS}
        if any(text.strip() for name, text in parts.items() if name != "country"):
            found.append(PostalAddress(**parts))
    return tuple(found)


def texts_of(
    profile: Profile, section: ProfileSection, own_fields: Sequence[CustomField], region: str
) -> Mapping[str, str]:
    """The section's fields as one text each, to be compared and shown side by side."""
    found: dict[str, str] = {}
    for name in section.fields:
        is_address = name is ProfileField.ADDRESSES
        found[name.value] = addresses_text(profile.addresses) if is_address else _shown(profile, name, region)
    return found | {own_key(each.id): profile.custom_values.get(each.id, "") for each in own_fields}


def addresses_text(addresses: Sequence[PostalAddress]) -> str:
    """One line an address."""
    return "\n".join(
        ", ".join(getattr(each, part) for part in _PARTS if getattr(each, part)) for each in addresses
    )


def _shown(profile: Profile, name: ProfileField, region: str) -> str:
    """A field as people of the shop write it."""
    number = profile.customer.phone_number
    if name is ProfileField.PHONE_NUMBER and number is not None:
        return national_format(number, region)
    return profile.text(name)


def _own_values(typed: Typed, own_fields: Sequence[CustomField]) -> dict[UUID, str]:
    found = {}
    for own_field in own_fields:
        key = own_key(own_field.id)
        if typed.one(f"{KEPT}{key}") == "theirs":
            continue
        found[own_field.id] = typed.one(key)
    return found


def _birthday_filled(profile: Profile) -> dict[str, tuple[str, ...]]:
    birthday = profile.birthday
    if birthday is None:
        return {}
    year = str(birthday.year) if birthday.year is not None else ""
    return {
        "birthday_day": (str(birthday.day),),
        "birthday_month": (str(birthday.month),),
        "birthday_year": (year,),
    }


def _addresses_filled(profile: Profile) -> dict[str, tuple[str, ...]]:
    return {
        f"address{number}_{part}": (getattr(address, part) or "",)
        for number, address in enumerate(profile.addresses)
        for part in _PARTS
    }
