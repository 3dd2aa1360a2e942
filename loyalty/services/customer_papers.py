"""Notes on customers and files attached to their profiles (row 42)."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.file_type import FileType, file_type_of
from loyalty.domain.papers import (
    MAX_ATTACHMENT_BYTES,
    MAX_ATTACHMENTS,
    MAX_NOTE_CHARS,
    MAX_NOTES,
    Attachment,
    CustomerNote,
    clean_file_name,
)
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.text import clean_lines
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import UnknownIdError
from loyalty.ports.papers import AttachmentFiles
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.context import ServiceContext
from runtime.ids import new_id


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """What somebody sends, of a type and size that profiles take."""

    name: str
    type: FileType
    content: bytes
    digest: str
    """SHA-256 of the content in hex: the name under which files are kept."""


@dataclass(frozen=True, slots=True)
class FileGone:
    """The content was deleted between keeping and naming it: keep it once more."""


def write_note(
    uow: UnitOfWork,
    ctx: ServiceContext,
    customer_id: UUID,
    text: str,
    staff: StaffMember,
    *,
    note_id: UUID | None = None,
) -> CustomerNote | Refused:
    """Add a note; the same ``note_id`` adds one once.

    Refused: ``note_empty``, ``too_many_notes``, ``text_too_long``.

    Raises:
        PermissionDeniedError: The role does not hold ``edit_notes``.
        UnknownIdError: There is no such customer.
    """
    staff.require(Permission.EDIT_NOTES)
    _known(uow, customer_id)
    there = uow.papers.note(note_id) if note_id is not None else None
    if there is not None:
        return there
    clean = clean_lines(text, MAX_NOTE_CHARS * 5)
    if clean is None:
        return Refused(Refusal.NOTE_EMPTY)
    if len(clean) > MAX_NOTE_CHARS:
        return Refused(Refusal.TEXT_TOO_LONG, {"max": MAX_NOTE_CHARS})
    if len(uow.papers.notes(customer_id)) >= MAX_NOTES:
        return Refused(Refusal.TOO_MANY_NOTES, {"max": MAX_NOTES})
    note = CustomerNote(note_id or new_id(), customer_id, clean, ctx.clock.now(), staff.id)
    uow.papers.add_note(note)
    return note


def remove_note(uow: UnitOfWork, ctx: ServiceContext, note_id: UUID, staff: StaffMember) -> None:
    """Delete a note; nothing happens where it is gone already.

    Raises:
        PermissionDeniedError: The role does not hold ``edit_notes``.
    """
    staff.require(Permission.EDIT_NOTES)
    note = uow.papers.note(note_id)
    if note is not None:
        uow.papers.remove_note(note_id)
        note_deed(uow, ctx, staff, action=AuditAction.NOTE_REMOVED, subject=f"customer:{note.customer_id}")


def check_file(name: str, content: bytes) -> CheckedFile | Refused:
    """What a file is, by its content. Refused: ``file_empty``, ``file_too_large``, ``file_type_refused``."""
    if not content:
        return Refused(Refusal.FILE_EMPTY)
    if len(content) > MAX_ATTACHMENT_BYTES:
        return Refused(Refusal.FILE_TOO_LARGE, {"max_mib": MAX_ATTACHMENT_BYTES // 1024**2})
    found = file_type_of(content)
    if found is None:
        return Refused(Refusal.FILE_TYPE_REFUSED)
    digest = hashlib.sha256(content).hexdigest()
    return CheckedFile(clean_file_name(name, found.extension), found, content, digest)


def attach_file(
    uow: UnitOfWork,
    ctx: ServiceContext,
    customer_id: UUID,
    file: CheckedFile,
    staff: StaffMember,
    *,
    files: AttachmentFiles,
) -> Attachment | FileGone | Refused:
    """Name a content that ``files`` keeps on a profile. The same file twice is there once.

    Refused: ``too_many_files``.

    Raises:
        PermissionDeniedError: The role does not hold ``edit_notes``.
        UnknownIdError: There is no such customer.
    """
    staff.require(Permission.EDIT_NOTES)
    _known(uow, customer_id)
    there = uow.papers.attachments(customer_id)
    same = next((each for each in there if each.digest == file.digest), None)
    if same is not None:
        return same
    if len(there) >= MAX_ATTACHMENTS:
        return Refused(Refusal.TOO_MANY_FILES, {"max": MAX_ATTACHMENTS})
    if not files.has(file.digest):
        return FileGone()
    attachment = Attachment(
        id=new_id(),
        customer_id=customer_id,
        digest=file.digest,
        file_name=file.name,
        media_type=file.type.media_type,
        size_bytes=len(file.content),
        added_at=ctx.clock.now(),
        added_by=staff.id,
    )
    uow.papers.add_attachment(attachment)
    _note(uow, ctx, staff, AuditAction.FILE_ADDED, attachment)
    return attachment


def open_file(
    uow: UnitOfWork, ctx: ServiceContext, attachment_id: UUID, staff: StaffMember
) -> Attachment | None:
    """The file that somebody is about to read, which is written down; None for an unknown id.

    Raises:
        PermissionDeniedError: The role does not hold ``view_customers`` and ``view_contact``: nobody can
            mask what a file says.
    """
    staff.require(Permission.VIEW_CUSTOMERS)
    staff.require(Permission.VIEW_CONTACT)
    attachment = uow.papers.attachment(attachment_id)
    if attachment is not None:
        _note(uow, ctx, staff, AuditAction.FILE_OPENED, attachment)
    return attachment


def remove_file(uow: UnitOfWork, ctx: ServiceContext, attachment_id: UUID, staff: StaffMember) -> str | None:
    """Take a file off a profile.

    Returns:
        The digest of a content that nobody names any more, to be deleted after the commit; None where
        others name it, or it was gone already.

    Raises:
        PermissionDeniedError: The role does not hold ``edit_notes``.
    """
    staff.require(Permission.EDIT_NOTES)
    attachment = uow.papers.attachment(attachment_id)
    if attachment is None:
        return None
    uow.papers.remove_attachment(attachment_id)
    _note(uow, ctx, staff, AuditAction.FILE_REMOVED, attachment)
    return None if uow.papers.is_in_use(attachment.digest) else attachment.digest


def sweep_files(uow: UnitOfWork, files: AttachmentFiles) -> int:
    """Delete contents that no profile names: of people who were forgotten, of uploads that broke off.

    Run by whoever is the only writer, so that nothing is being attached meanwhile. How many went.
    """
    return files.forget_unfinished() + forget_files(uow, files, list(files.digests()))


def forget_files(uow: UnitOfWork, files: AttachmentFiles, digests: Iterable[str]) -> int:
    """Delete those of some contents that no profile names any more, as above. How many went."""
    unused = [digest for digest in digests if not uow.papers.is_in_use(digest)]
    for digest in unused:
        files.forget(digest)
    return len(unused)


def _known(uow: UnitOfWork, customer_id: UUID) -> None:
    customer = uow.customers.get(customer_id)
    if customer is None or not customer.is_listed:
        raise UnknownIdError("no such customer", customer=str(customer_id))


def _note(
    uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, action: AuditAction, attachment: Attachment
) -> None:
    note_deed(
        uow,
        ctx,
        staff,
        action=action,
        subject=f"customer:{attachment.customer_id}",
        params={"name": attachment.file_name},
    )
