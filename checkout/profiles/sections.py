"""The sections in which a profile is edited, each with its fields and the permissions it needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from loyalty.domain.custom_field import CustomField
from loyalty.domain.profile import ProfileField, is_contact_field
from loyalty.domain.staff import Permission, StaffMember


@dataclass(frozen=True)
class ProfileSection:
    """One form of the profile."""

    key: str
    fields: tuple[ProfileField, ...]
    permissions: tuple[Permission, ...]
    """All of these: whoever changes contact details must see what they change."""

    def is_open_to(self, staff: StaffMember) -> bool:
        return all(staff.may(permission) for permission in self.permissions)


_CONTACT = (Permission.VIEW_CONTACT, Permission.EDIT_CONTACT)

SECTIONS: Mapping[str, ProfileSection] = {
    section.key: section
    for section in (
        ProfileSection(
            "personal",
            (
                ProfileField.GIVEN_NAME,
                ProfileField.FAMILY_NAME,
                ProfileField.NICKNAME,
                ProfileField.COMPANY_NAME,
                ProfileField.BIRTHDAY,
                ProfileField.LANGUAGE,
                ProfileField.REFERENCE_ID,
            ),
            (Permission.EDIT_CUSTOMERS,),
        ),
        ProfileSection(
            "contact",
            (ProfileField.PHONE_NUMBER, ProfileField.EMAIL_ADDRESS, ProfileField.ADDRESSES),
            _CONTACT,
        ),
        ProfileSection("preferences", (ProfileField.PREFERENCES,), (Permission.EDIT_CUSTOMERS,)),
        ProfileSection("note", (ProfileField.NOTE,), (Permission.EDIT_NOTES,)),
        ProfileSection("fields", (), (Permission.EDIT_CUSTOMERS,)),
    )
}

FIELD_TITLES: Mapping[ProfileField, str] = {
    ProfileField.GIVEN_NAME: "Given name",
    ProfileField.FAMILY_NAME: "Family name",
    ProfileField.NICKNAME: "Called",
    ProfileField.COMPANY_NAME: "Company",
    ProfileField.BIRTHDAY: "Birthday",
    ProfileField.LANGUAGE: "Language of messages",
    ProfileField.REFERENCE_ID: "Reference number",
    ProfileField.PREFERENCES: "Preferences",
    ProfileField.PHONE_NUMBER: "Phone number",
    ProfileField.EMAIL_ADDRESS: "E-mail address",
    ProfileField.NOTE: "Note brought along",
    ProfileField.ADDRESSES: "Addresses",
}


def own_fields_for(own_fields: Sequence[CustomField], staff: StaffMember) -> list[CustomField]:
    """The shop's living fields that this staff member may edit."""
    may_edit_contact = all(staff.may(permission) for permission in _CONTACT)
    return [
        each
        for each in own_fields
        if each.archived_at is None and (may_edit_contact or not is_contact_field(each))
    ]


def own_key(field_id: UUID) -> str:
    """The name of one of the shop's fields in a form."""
    return f"own-{field_id}"
