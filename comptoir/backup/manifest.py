"""What an archive says of itself; its first member."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

FORMAT: Final = 1
MANIFEST = "manifest.json"
MAX_MANIFEST_BYTES = 64 * 1024 * 1024

_NAME = r"^[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$"
"""Relative, and no step begins with a dot: no member leaves the folder that it is unpacked to."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PackedFile(_Part):
    """One member."""

    name: Annotated[str, StringConstraints(pattern=_NAME, max_length=300)]
    size_bytes: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Manifest(_Part):
    """Of a whole archive."""

    format: Literal[1] = FORMAT
    made_at: datetime
    program: str
    """Version of the program that made it."""
    schema_version: str
    """Of the database."""
    store: str
    database: Literal["sqlite", "postgresql"]
    files: tuple[PackedFile, ...]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len({each.name for each in self.files}) != len(self.files):
            raise ValueError("a file is named twice")
        return self


def packed(name: str, path: Path) -> PackedFile:
    """The entry of a file."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return PackedFile(name=name, size_bytes=path.stat().st_size, sha256=digest)
