"""The directory's further ports in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from loyalty.domain.address import PostalAddress
from loyalty.domain.custom_field import CustomField
from loyalty.domain.papers import Attachment, CustomerNote
from loyalty.domain.profile_settings import DEFAULT_PROFILE_SETTINGS, ProfileSettings
from loyalty.errors import ConflictError
from tests.fakes.merged_people import of_person


@dataclass
class ProfileTables:
    """What profiles hold besides the customers."""

    addresses: dict[UUID, tuple[PostalAddress, ...]] = field(default_factory=dict)
    custom_fields: dict[UUID, CustomField] = field(default_factory=dict)
    values: dict[tuple[UUID, UUID], str] = field(default_factory=dict)
    settings: ProfileSettings = DEFAULT_PROFILE_SETTINGS
    notes: dict[UUID, CustomerNote] = field(default_factory=dict)
    attachments: dict[UUID, Attachment] = field(default_factory=dict)

    def copy(self) -> "ProfileTables":
        return ProfileTables(
            self.addresses.copy(),
            self.custom_fields.copy(),
            self.values.copy(),
            self.settings,
            self.notes.copy(),
            self.attachments.copy(),
        )


class InMemoryProfiles:
    """See ``loyalty.ports.directory.ProfileRepository``."""

    def __init__(self, tables: ProfileTables) -> None:
        self._tables = tables

    def addresses(self, customer_id: UUID) -> tuple[PostalAddress, ...]:
        return self._tables.addresses.get(customer_id, ())

    def put_addresses(self, customer_id: UUID, addresses: Sequence[PostalAddress]) -> None:
        self._tables.addresses[customer_id] = tuple(addresses)

    def custom_fields(self) -> Sequence[CustomField]:
        return sorted(self._tables.custom_fields.values(), key=lambda each: (each.position, each.id))

    def save_custom_field(self, custom_field: CustomField) -> None:
        for other in self._tables.custom_fields.values():
            is_living = other.archived_at is None and custom_field.archived_at is None
            if other.id != custom_field.id and other.name == custom_field.name and is_living:
                raise ConflictError("another field bears this name")
        self._tables.custom_fields[custom_field.id] = custom_field

    def custom_values(self, customer_id: UUID) -> dict[UUID, str]:
        return {
            field_id: text
            for (holder_id, field_id), text in self._tables.values.items()
            if holder_id == customer_id
        }

    def put_custom_value(self, customer_id: UUID, custom_field: CustomField, value: str | None) -> None:
        if value is None:
            self._tables.values.pop((customer_id, custom_field.id), None)
        else:
            self._tables.values[customer_id, custom_field.id] = value

    def settings(self) -> ProfileSettings:
        return self._tables.settings

    def save_settings(self, settings: ProfileSettings) -> None:
        self._tables.settings = settings

    def forget(self, customer_id: UUID) -> None:
        self._tables.addresses.pop(customer_id, None)
        for key in [key for key in self._tables.values if key[0] == customer_id]:
            del self._tables.values[key]
        for note in [each for each in self._tables.notes.values() if each.customer_id == customer_id]:
            del self._tables.notes[note.id]
        kept = self._tables.attachments.values()
        for attachment in [each for each in kept if each.customer_id == customer_id]:
            del self._tables.attachments[attachment.id]


class InMemoryPapers:
    """See ``loyalty.ports.papers.PaperRepository``."""

    def __init__(self, tables: Any) -> None:
        self._tables: ProfileTables = tables.profiles
        self._all = tables

    def add_note(self, note: CustomerNote) -> None:
        self._tables.notes[note.id] = note

    def note(self, note_id: UUID) -> CustomerNote | None:
        return self._tables.notes.get(note_id)

    def notes(self, customer_id: UUID) -> Sequence[CustomerNote]:
        found = [
            each
            for each in self._tables.notes.values()
            if each.customer_id in of_person(self._all, customer_id)
        ]
        return sorted(found, key=lambda each: (each.written_at, each.id), reverse=True)

    def remove_note(self, note_id: UUID) -> None:
        self._tables.notes.pop(note_id, None)

    def add_attachment(self, attachment: Attachment) -> None:
        self._tables.attachments[attachment.id] = attachment

    def attachment(self, attachment_id: UUID) -> Attachment | None:
        return self._tables.attachments.get(attachment_id)

    def attachments(self, customer_id: UUID) -> Sequence[Attachment]:
        found = [
            each
            for each in self._tables.attachments.values()
            if each.customer_id in of_person(self._all, customer_id)
        ]
        return sorted(found, key=lambda each: (each.added_at, each.id), reverse=True)

    def remove_attachment(self, attachment_id: UUID) -> None:
        self._tables.attachments.pop(attachment_id, None)

    def is_in_use(self, digest: str) -> bool:
        return any(each.digest == digest for each in self._tables.attachments.values())
