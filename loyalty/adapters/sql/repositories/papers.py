"""Notes and attachments of profiles; contents of files stand outside the database."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.adapters.sql.repositories.merged import of_person
from loyalty.domain.papers import Attachment, CustomerNote

_NOTES, _ATTACHMENTS = schema.customer_notes, schema.customer_attachments


class SqlPaperRepository:
    """Notes and attachments."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add_note(self, note: CustomerNote) -> None:
        self._transaction.execute(_NOTES.insert(), asdict(note))

    def note(self, note_id: UUID) -> CustomerNote | None:
        row = self._transaction.first(select(_NOTES).where(_NOTES.c.id == note_id))
        return _note(row) if row is not None else None

    def notes(self, customer_id: UUID) -> Sequence[CustomerNote]:
        rows = self._transaction.all(
            select(_NOTES)
            .where(of_person(_NOTES.c.customer_id, customer_id))
            .order_by(_NOTES.c.written_at.desc(), _NOTES.c.id.desc())
        )
        return [_note(row) for row in rows]

    def remove_note(self, note_id: UUID) -> None:
        self._transaction.execute(delete(_NOTES).where(_NOTES.c.id == note_id))

    def add_attachment(self, attachment: Attachment) -> None:
        self._transaction.execute(_ATTACHMENTS.insert(), asdict(attachment))

    def attachment(self, attachment_id: UUID) -> Attachment | None:
        row = self._transaction.first(select(_ATTACHMENTS).where(_ATTACHMENTS.c.id == attachment_id))
        return _attachment(row) if row is not None else None

    def attachments(self, customer_id: UUID) -> Sequence[Attachment]:
        rows = self._transaction.all(
            select(_ATTACHMENTS)
            .where(of_person(_ATTACHMENTS.c.customer_id, customer_id))
            .order_by(_ATTACHMENTS.c.added_at.desc(), _ATTACHMENTS.c.id.desc())
        )
        return [_attachment(row) for row in rows]

    def remove_attachment(self, attachment_id: UUID) -> None:
        self._transaction.execute(delete(_ATTACHMENTS).where(_ATTACHMENTS.c.id == attachment_id))

    def is_in_use(self, digest: str) -> bool:
        found = select(_ATTACHMENTS.c.id).where(_ATTACHMENTS.c.digest == digest).limit(1)
        return self._transaction.first(found) is not None


def _note(row: Row[Any]) -> CustomerNote:
    return CustomerNote(row.id, row.customer_id, row.text, row.written_at, row.written_by)


def _attachment(row: Row[Any]) -> Attachment:
    return Attachment(
        row.id,
        row.customer_id,
        row.digest,
        row.file_name,
        row.media_type,
        row.size_bytes,
        row.added_at,
        row.added_by,
    )
