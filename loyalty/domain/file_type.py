"""What a file is, told by its content and never by its name."""

import io
import re
import zipfile
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileType:
    """A type that profiles take; ``extension`` without the dot."""

    media_type: str
    extension: str


PDF = FileType("application/pdf", "pdf")
PNG = FileType("image/png", "png")
JPEG = FileType("image/jpeg", "jpg")
WEBP = FileType("image/webp", "webp")
TEXT = FileType("text/plain", "txt")
DOCX = FileType("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx")
XLSX = FileType("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")
ODT = FileType("application/vnd.oasis.opendocument.text", "odt")
ODS = FileType("application/vnd.oasis.opendocument.spreadsheet", "ods")

_MAX_PARTS = 5_000
_MARKUP = re.compile(r"<\s*(?:!doctype|html|svg|script|\?xml|body|iframe|meta)", re.IGNORECASE)


def file_type_of(content: bytes) -> FileType | None:
    """The type of the content; None for what profiles do not take: programs, web pages, archives, macros."""
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if content.startswith(b"PK\x03\x04"):
        return _office_type(content)
    return TEXT if _is_plain_text(content) else None


def _office_type(content: bytes) -> FileType | None:
    """Looks at the directory of the archive only; nothing is unpacked but the first word of a document."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if len(names) > _MAX_PARTS or any(name.lower().endswith("vbaproject.bin") for name in names):
                return None
            if "[Content_Types].xml" in names:
                return DOCX if "word/document.xml" in names else XLSX if "xl/workbook.xml" in names else None
            if "mimetype" in names and "Basic/script-lc.xml" not in names:
                with archive.open("mimetype") as part:
                    named = part.read(100).decode("ascii", "replace")
                return next((each for each in (ODT, ODS) if each.media_type == named), None)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError):
        return None
    return None


def _is_plain_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    has_control = any(ord(char) < 32 and char not in "\t\r\n\f" for char in text)
    return bool(text.strip()) and not has_control and "\x7f" not in text and not _MARKUP.search(text)
