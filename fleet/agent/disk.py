"""Every operation on the agent's disk, and the one that really does it.

A write is durable only after :meth:`Disk.sync_file`, a name only after :meth:`Disk.sync_dir` of its folder;
:meth:`Disk.sync_all` makes everything durable. The crash model of the tests implements the same interface.
"""

import contextlib
import ctypes
import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from fleet.errors import DiskError


class Disk(Protocol):
    """What the agent may do to its disk. Paths are absolute; all raise OSError as the system does."""

    def read(self, path: Path) -> bytes: ...

    def exists(self, path: Path) -> bool:
        """Also true of a link that leads nowhere."""

    def size(self, path: Path) -> int: ...

    def names(self, folder: Path) -> list[str]:
        """Sorted; empty where there is no such folder."""

    def link(self, path: Path) -> str | None:
        """Where a symbolic link points; None where there is none."""

    def digest(self, path: Path) -> str:
        """SHA-256 in hexadecimal."""

    def free_bytes(self, folder: Path) -> int: ...

    def make_folder(self, path: Path) -> None:
        """With its parents; nothing happens where it is there."""

    def write(self, path: Path, data: bytes) -> None:
        """Replace the content."""

    def append(self, path: Path, data: bytes) -> None: ...

    def make_link(self, path: Path, target: str) -> None: ...

    def rename(self, old: Path, new: Path) -> None:
        """Replaces a file or link at ``new``."""

    def remove(self, path: Path) -> None:
        """A file or link; nothing happens where there is none."""

    def remove_tree(self, folder: Path) -> None:
        """A folder with all it holds; nothing happens where there is none."""

    def sync_file(self, path: Path) -> None: ...

    def sync_dir(self, folder: Path) -> None: ...

    def sync_all(self, folder: Path) -> None:
        """Everything on the file system of the folder (syncfs)."""


class PosixDisk:
    """The machine's own disk."""

    def read(self, path: Path) -> bytes:
        return path.read_bytes()

    def exists(self, path: Path) -> bool:
        return os.path.lexists(path)

    def size(self, path: Path) -> int:
        return path.stat().st_size

    def names(self, folder: Path) -> list[str]:
        return sorted(each.name for each in folder.iterdir()) if folder.is_dir() else []

    def link(self, path: Path) -> str | None:
        return str(path.readlink()) if path.is_symlink() else None

    def digest(self, path: Path) -> str:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def free_bytes(self, folder: Path) -> int:
        return shutil.disk_usage(folder).free

    def make_folder(self, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True)

    def write(self, path: Path, data: bytes) -> None:
        path.write_bytes(data)

    def append(self, path: Path, data: bytes) -> None:
        with path.open("ab", buffering=0) as file:
            file.write(data)

    def make_link(self, path: Path, target: str) -> None:
        path.symlink_to(target)

    def rename(self, old: Path, new: Path) -> None:
        old.replace(new)

    def remove(self, path: Path) -> None:
        path.unlink(missing_ok=True)

    def remove_tree(self, folder: Path) -> None:
        if folder.is_dir():
            shutil.rmtree(folder)

    def sync_file(self, path: Path) -> None:
        _fsync(path, os.O_RDONLY)

    def sync_dir(self, folder: Path) -> None:
        _fsync(folder, os.O_RDONLY | os.O_DIRECTORY)

    def sync_all(self, folder: Path) -> None:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            if ctypes.CDLL(None, use_errno=True).syncfs(handle) != 0:
                raise OSError(code := ctypes.get_errno(), os.strerror(code), str(folder))
        finally:
            os.close(handle)


def _fsync(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    except OSError as error:
        # The system names no file here; whoever looks for the fault wants one.
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        os.close(handle)


def write_durably(disk: Disk, path: Path, data: bytes) -> None:
    """Replace a file so that after a power cut either the old or the new one is there, whole."""
    part = path.with_name(f"{path.name}.new")
    disk.write(part, data)
    disk.sync_file(part)
    disk.rename(part, path)
    disk.sync_dir(path.parent)


@contextlib.contextmanager
def disk_errors_told() -> Iterator[None]:
    """What the system says of a disk, in a sentence for whoever can mend it.

    Raises:
        DiskError: In place of an OSError.
    """
    try:
        yield
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        raise DiskError(f"the disk refuses{where}: {error.strerror or error}") from error
