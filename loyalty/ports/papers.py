"""Notes and attachments of profiles, and the files that attachments name."""

from collections.abc import Iterator, Sequence
from typing import Protocol
from uuid import UUID

from loyalty.domain.papers import Attachment, CustomerNote


class PaperRepository(Protocol):
    """What was written down about customers and what was attached to their profiles."""

    def add_note(self, note: CustomerNote) -> None: ...

    def note(self, note_id: UUID) -> CustomerNote | None: ...

    def notes(self, customer_id: UUID) -> Sequence[CustomerNote]:
        """Newest first."""

    def remove_note(self, note_id: UUID) -> None: ...

    def add_attachment(self, attachment: Attachment) -> None: ...

    def attachment(self, attachment_id: UUID) -> Attachment | None: ...

    def attachments(self, customer_id: UUID) -> Sequence[Attachment]:
        """Newest first."""

    def remove_attachment(self, attachment_id: UUID) -> None: ...

    def is_in_use(self, digest: str) -> bool:
        """Whether an attachment of any customer has this content."""


class AttachmentFiles(Protocol):
    """Contents by their SHA-256 in hex: the same content is kept once. Any thread."""

    def keep(self, content: bytes) -> str:
        """Store it durably and name it.

        Raises:
            StorageError: It could not be stored.
        """

    def read(self, digest: str) -> bytes | None:
        """The content, checked against its name; None where it is not there.

        Raises:
            StorageError: It could not be read, or is not what was stored.
        """

    def has(self, digest: str) -> bool: ...

    def forget(self, digest: str) -> None:
        """Delete it; nothing happens where it is gone already."""

    def digests(self) -> Iterator[str]:
        """All that are kept."""

    def forget_unfinished(self) -> int:
        """Delete what uploads left that broke off an hour ago or earlier; how many there were."""
