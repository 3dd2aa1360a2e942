"""A folder to make or restore a back-up in: nobody else reads it, what a killed one left goes first."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from comptoir.errors import BackupError
from runtime.folder_lock import FolderHeldError, folder_held


@contextlib.contextmanager
def only_one(folder: Path, busy: str) -> Iterator[None]:
    """One process at a time for a folder; a killed one is in nobody's way.

    Raises:
        BackupError: Another one is there; ``busy`` is what is said.
        OSError: The folder cannot be opened.
    """
    try:
        with folder_held(folder):
            yield
    except FolderHeldError as error:
        raise BackupError(busy) from error


@contextlib.contextmanager
def working_folder(within: Path, prefix: str) -> Iterator[Path]:
    """Gone afterwards. Whatever of this prefix was left there is swept away first.

    Raises:
        OSError: It cannot be made.
    """
    for left in within.glob(f"{prefix}*/"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=within) as folder:
        yield Path(folder)
