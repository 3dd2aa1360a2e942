"""Uploads and what was made of them, one folder an import; no one but the station reads there."""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from uuid import UUID

from checkout.imports.prepared import PREPARED_FILE, ROWS_FILE, read_cells

_CHUNK_BYTES = 1 << 20
_SETTLED_S = 3600.0
UPLOAD_FILE = "upload"


class ImportFolder:
    """Where imports keep their files. Any thread.

    Args:
        root: Made where it is not there.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def of(self, import_id: UUID) -> Path:
        return self._root / str(import_id)

    def prepared(self, import_id: UUID) -> Path:
        return self.of(import_id) / PREPARED_FILE

    def keep(self, import_id: UUID, upload: IO[bytes]) -> None:
        """Store an upload, durably.

        Raises:
            OSError: There is no room.
        """
        folder = self.of(import_id)
        folder.mkdir(parents=True, mode=0o700)
        try:
            with (folder / UPLOAD_FILE).open("xb") as file:
                shutil.copyfileobj(upload, file, _CHUNK_BYTES)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            self.forget(import_id)
            raise

    def cells(self, import_id: UUID) -> Iterator[tuple[int, list[str]]]:
        """Every row of the sheet with its line.

        Raises:
            ImportFileError: The file is gone or broken.
        """
        return read_cells(self.of(import_id) / ROWS_FILE)

    def has_rows(self, import_id: UUID) -> bool:
        return (self.of(import_id) / ROWS_FILE).exists()

    def forget(self, import_id: UUID) -> None:
        shutil.rmtree(self.of(import_id), ignore_errors=True)

    def kept(self) -> list[UUID]:
        """Imports that have had files for an hour or longer."""
        found = []
        for path in self._root.glob("*-*"):
            try:
                import_id = UUID(path.name)
                is_settled = time.time() - path.stat().st_mtime > _SETTLED_S
            except (ValueError, OSError):
                continue
            if is_settled:
                found.append(import_id)
        return found
