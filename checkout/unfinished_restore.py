"""A restore that was begun and not finished: noted by the command, and no station starts (row 205)."""

import contextlib
from pathlib import Path

from checkout.errors import UnfinishedRestoreError
from runtime.whole_file import replace_file


class UnfinishedRestore:
    """Any process.

    Args:
        path: The file that is there from the first thing put in its place until the last one is.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def digest(self) -> str:
        """Of the archive that is being restored; empty where none is."""
        try:
            return self._path.read_text(encoding="ascii", errors="replace").strip()
        except FileNotFoundError:
            return ""

    def begin(self, digest: str) -> None:
        """Note it, safely on the disk.

        Raises:
            OSError: It cannot be noted.
        """
        replace_file(self._path, f"{digest}\n".encode(), 0o644)

    def end(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()

    def require_none(self) -> None:
        """Go on only where everything is in its place.

        Raises:
            UnfinishedRestoreError: Something is not.
        """
        if self._path.exists():
            raise UnfinishedRestoreError(
                "a restore was begun here and not finished: give the same comptoir restore again; "
                f"to begin without it, empty {self._path.parent}"
            )
