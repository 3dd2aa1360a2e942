"""Files of profiles in a folder of the station's state, named by their content; no web server reads it."""

import contextlib
import hashlib
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

from loyalty.errors import StorageError
from runtime.ids import new_id

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_UNFINISHED_S = 3600.0
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


class AttachmentFolder:
    """See ``loyalty.ports.papers.AttachmentFiles``. Files are readable by the station's account alone.

    Args:
        folder: Made when the first file comes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if path.exists():
            return digest
        part = path.with_name(f"{new_id()}.part")
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(part, _NEW, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
            _make_durable(path.parent)
        except OSError as error:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise StorageError(f"the file was not stored: {error.strerror}") from error
        return digest

    def read(self, digest: str) -> bytes | None:
        try:
            content = self._path(digest).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StorageError(f"the file cannot be read: {error.strerror}") from error
        if hashlib.sha256(content).hexdigest() != digest:
            raise StorageError("the file is not what was stored")
        return content

    def has(self, digest: str) -> bool:
        return self._path(digest).is_file()

    def forget(self, digest: str) -> None:
        try:
            self._path(digest).unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(f"the file cannot be deleted: {error.strerror}") from error

    def digests(self) -> Iterator[str]:
        for path in sorted(self._folder.glob("??/*")):
            if _DIGEST.fullmatch(path.name):
                yield path.name

    def forget_unfinished(self) -> int:
        limit, count = time.time() - _UNFINISHED_S, 0
        for path in self._folder.glob("??/*.part"):
            with contextlib.suppress(OSError):  # it was finished just now, or goes next time
                if path.stat().st_mtime < limit:
                    path.unlink()
                    count += 1
        return count

    def _path(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise StorageError("this names no file")
        return self._folder / digest[:2] / digest


def _make_durable(folder: Path) -> None:
    """The new name outlives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
