"""When the last back-up was made, in a small file: the back-up writes it, the pages read it (row 205)."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from runtime.whole_file import replace_file


@dataclass(frozen=True)
class LastBackup:
    """The last back-up that is whole and at its place."""

    at: datetime
    name: str
    """Of the archive."""
    size_bytes: int


class BackupRecord:
    """Any thread, any process.

    Args:
        path: The file; made by the first back-up.
        folder: Where archives are.
        recipient: To whom they are encrypted; public.
    """

    def __init__(self, path: Path, folder: Path, recipient: str) -> None:
        self._path = path
        self.folder = folder
        self.recipient = recipient

    def last(self) -> LastBackup | None:
        """None before the first one, and where the file cannot be read."""
        try:
            value = json.loads(self._path.read_text(encoding="utf-8"))
            at = datetime.fromisoformat(value["at"])
            found = LastBackup(at, str(value["name"]), int(value["size_bytes"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return found if found.at.tzinfo is not None else None

    def note(self, last: LastBackup) -> None:
        """Replace the file whole."""
        value = {"at": last.at.isoformat(), "name": last.name, "size_bytes": last.size_bytes}
        replace_file(self._path, json.dumps(value).encode())
