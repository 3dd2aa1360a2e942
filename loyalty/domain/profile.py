"""Profiles: the fields that people fill, what of them is contact detail, and an edit as it was typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from loyalty.domain.address import PostalAddress
from loyalty.domain.booking.birthday import Birthday
from loyalty.domain.custom_field import CustomField, FieldKind
from loyalty.domain.customer import Customer

MAX_ADDRESSES = 10


class ProfileField(StrEnum):
    """What every profile has; the shop's own fields come on top."""

    GIVEN_NAME = "given_name"
    FAMILY_NAME = "family_name"
    NICKNAME = "nickname"
    COMPANY_NAME = "company_name"
    BIRTHDAY = "birthday"
    LANGUAGE = "language"
    REFERENCE_ID = "reference_id"
    PREFERENCES = "preferences"
    PHONE_NUMBER = "phone_number"
    EMAIL_ADDRESS = "email_address"
    NOTE = "note"
    """One text that came with the profile from elsewhere; notes of colleagues have an author and a time."""
    ADDRESSES = "addresses"


CONTACT_FIELDS = frozenset({ProfileField.PHONE_NUMBER, ProfileField.EMAIL_ADDRESS, ProfileField.ADDRESSES})
"""What is shown with the permission for it alone (rows 8, 9)."""

NAMING_FIELDS = frozenset(
    {
        ProfileField.GIVEN_NAME,
        ProfileField.FAMILY_NAME,
        ProfileField.COMPANY_NAME,
        ProfileField.REFERENCE_ID,
        ProfileField.PHONE_NUMBER,
        ProfileField.EMAIL_ADDRESS,
    }
)
"""One of these at least makes a profile somebody's."""


def is_contact_field(custom_field: CustomField) -> bool:
    """Whether a field of the shop holds a way to reach the person."""
    return custom_field.kind in (FieldKind.EMAIL, FieldKind.PHONE)


@dataclass(frozen=True, slots=True)
class Profile:
    """A customer with all that an edit may touch."""

    customer: Customer
    birthday: Birthday | None = None
    addresses: tuple[PostalAddress, ...] = ()
    custom_values: Mapping[UUID, str] = field(default_factory=dict)
    """By field, in canonical form."""

    def text(self, name: ProfileField) -> str:
        """A field as it would be typed; empty where nothing is known. Not for addresses."""
        if name is ProfileField.BIRTHDAY:
            return birthday_text(self.birthday)
        return getattr(self.customer, name.value) or ""


@dataclass(frozen=True, slots=True)
class ProfileEdit:
    """What somebody wants a profile to say. What is not named stays as it is; an empty text forgets.

    ``texts`` holds no addresses; a birthday is typed as ISO 8601, ``--03-12`` where the year is missing.
    """

    texts: Mapping[ProfileField, str] = field(default_factory=dict)
    addresses: tuple[PostalAddress, ...] | None = None
    custom_values: Mapping[UUID, str] = field(default_factory=dict)
    is_email_private: bool | None = None

    @property
    def fields(self) -> frozenset[ProfileField]:
        """The fields that are named."""
        more = {ProfileField.ADDRESSES} if self.addresses is not None else set()
        if self.is_email_private is not None:
            more.add(ProfileField.EMAIL_ADDRESS)
        return frozenset(self.texts) | more


def birthday_text(birthday: Birthday | None) -> str:
    """ISO 8601, as an edit takes it."""
    if birthday is None:
        return ""
    year = f"{birthday.year:04d}" if birthday.year is not None else "-"
    return f"{year}-{birthday.month:02d}-{birthday.day:02d}"
