"""Two profiles beside each other: what each says field by field, and which of both is to stay."""

from collections.abc import Sequence
from dataclasses import dataclass

from checkout.profiles.profile_form import addresses_text
from checkout.profiles.sections import FIELD_TITLES, own_key
from checkout.profiles.worded import birthday_words, language_name, value_words
from checkout.programme.typed import Typed
from checkout.words import Words
from loyalty.domain.custom_field import CustomField
from loyalty.domain.duplicates.fields import Field
from loyalty.domain.merge import Picked
from loyalty.domain.phone import PhoneNumber, national_format
from loyalty.domain.profile import ProfileField, is_contact_field
from loyalty.domain.profile_cleaning import FieldName
from loyalty.services.duplicate_list import ListedProfile
from loyalty.services.profile_view import ContactView

PICK = "pick."
_HIDDEN = "•••"
AGREEING: dict[Field, str] = {
    Field.GIVEN_NAME: "Given name",
    Field.FAMILY_NAME: "Family name",
    Field.COMPANY_NAME: "Company",
    Field.BIRTHDAY: "Birthday",
    Field.PHONE: "Phone number",
    Field.EMAIL: "E-mail address",
    Field.STREET: "Street",
    Field.SUBURB: "Town",
    Field.POSTCODE: "Postcode",
}
"""Fields named as reasons; what is not here follows from these."""


@dataclass(frozen=True)
class ComparedField:
    """One line: ``key`` names its choice in the form; ``takes_gone`` where the profile that goes wins.

    ``is_choice`` where both say something else; ``joins`` where both stay, as addresses do.
    """

    key: str
    title: str
    kept: str
    gone: str
    is_choice: bool = False
    takes_gone: bool = False
    joins: bool = False


def read_picks(typed: Typed, own_fields: Sequence[CustomField]) -> Picked:
    """The fields whose value is to come from the profile that goes."""
    names: list[tuple[str, FieldName]] = [(name.value, name) for name in ProfileField]
    names += [(own_key(each.id), each.id) for each in own_fields]
    return frozenset(name for key, name in names if typed.one(f"{PICK}{key}") == "gone")


def compared_fields(
    sides: tuple[ListedProfile, ListedProfile],
    own_fields: Sequence[CustomField],
    picked: Picked,
    words: Words,
    region: str,
) -> list[ComparedField]:
    """Every field that either profile fills: the one that stays, the one that goes."""
    kept, gone = sides
    lines = []
    for name in ProfileField:
        if name is ProfileField.ADDRESSES:
            continue
        said = (kept.profile.text(name), gone.profile.text(name))
        shown = (_shown(kept, name, words, region), _shown(gone, name, words, region))
        lines.append(_line(name.value, words.text(FIELD_TITLES[name]), said, shown, is_picked=name in picked))
    title = words.text(FIELD_TITLES[ProfileField.ADDRESSES])
    lines.append(ComparedField("addresses", title, _addresses(kept), _addresses(gone), joins=True))
    for own_field in own_fields:
        said = (_own(kept, own_field), _own(gone, own_field))
        hides = is_contact_field(own_field) and kept.contact.is_masked
        shown_own = [
            _HIDDEN if text and hides else value_words(words, own_field, text, region) if text else ""
            for text in said
        ]
        is_picked = own_field.id in picked
        lines.append(
            _line(
                own_key(own_field.id), own_field.name, said, (shown_own[0], shown_own[1]), is_picked=is_picked
            )
        )
    return [line for line in lines if line.kept or line.gone]


def number_shown(contact: ContactView, region: str) -> str:
    """A phone number as people of the shop write it, or its outline; empty where none is known."""
    number = contact.phone_number
    if number is None or contact.is_number_masked:
        return number or ""
    return national_format(PhoneNumber(number), region)


def _line(
    key: str, title: str, said: tuple[str, str], shown: tuple[str, str], *, is_picked: bool
) -> ComparedField:
    is_choice = bool(said[0] and said[1]) and said[0] != said[1]
    takes_gone = bool(said[1]) and (not said[0] or (is_choice and is_picked))
    return ComparedField(key, title, shown[0], shown[1], is_choice, takes_gone)


def _shown(side: ListedProfile, name: ProfileField, words: Words, region: str) -> str:
    contact, profile = side.contact, side.profile
    if name is ProfileField.PHONE_NUMBER:
        return number_shown(contact, region)
    if name is ProfileField.EMAIL_ADDRESS:
        return contact.email_address or ""
    if name is ProfileField.BIRTHDAY and profile.birthday is not None:
        return birthday_words(words, profile.birthday)
    if name is ProfileField.LANGUAGE and profile.customer.language:
        return language_name(words, profile.customer.language)
    return profile.text(name)


def _addresses(side: ListedProfile) -> str:
    if side.contact.address_count and not side.contact.addresses:
        return _HIDDEN
    return addresses_text(side.contact.addresses)


def _own(side: ListedProfile, own_field: CustomField) -> str:
    return side.profile.custom_values.get(own_field.id, "")
