"""A folder is one process's at a time; whoever is killed lets go of it, so that nothing stale is left."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from runtime.errors import ComptoirError


class FolderHeldError(ComptoirError):
    """Another process holds the folder at the moment."""

    code: ClassVar[str] = "folder_held"


@contextlib.contextmanager
def folder_held(folder: Path, *, waits: bool = False) -> Iterator[None]:
    """Hold a folder against every other process, and every other holder in this one.

    Args:
        folder: It has to be there. Only whoever asks here is kept out.
        waits: Until whoever holds it lets go, instead of giving up at once.

    Raises:
        FolderHeldError: Somebody holds it, and this does not wait.
        OSError: The folder cannot be opened.
    """
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
        except BlockingIOError as error:
            raise FolderHeldError(f"another process works in {folder}") from error
        yield
    finally:
        os.close(handle)
