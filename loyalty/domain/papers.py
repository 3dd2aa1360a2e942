"""Notes and attachments of a profile."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from loyalty.domain.text import clean_line

MAX_NOTE_CHARS = 2_000
MAX_NOTES = 200
MAX_ATTACHMENTS = 20
MAX_ATTACHMENT_BYTES = 5 * 1024 * 1024
_MAX_STEM_CHARS = 80
_UNFIT = re.compile(r"[^\w .,()+'’-]+")


@dataclass(frozen=True, slots=True)
class CustomerNote:
    """What somebody wrote down about a customer, for colleagues."""

    id: UUID
    customer_id: UUID
    text: str
    written_at: datetime
    written_by: UUID | None
    """Staff member; None for a note that came with a merge or an import."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a profile. The content stands elsewhere, under its SHA-256 ``digest`` in hex."""

    id: UUID
    customer_id: UUID
    digest: str
    file_name: str
    """As it is offered for download: one clean line that ends as its type does."""
    media_type: str
    size_bytes: int
    added_at: datetime
    added_by: UUID | None


def clean_file_name(typed: str, extension: str) -> str:
    """The last step of a path as a name that no system stumbles over, with the ending of its type."""
    last = re.split(r"[/\\]", typed)[-1]
    line = clean_line(_UNFIT.sub("_", clean_line(last, 300) or ""), 300) or "document"
    if line.lower().endswith(f".{extension}"):
        line = line[: -len(extension) - 1]
    stem = line.strip(" .")[:_MAX_STEM_CHARS].strip(" .") or "document"
    return f"{stem}.{extension}"
