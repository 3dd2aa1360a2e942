"""Fetches wheels by digest: resumes what was cut off, believes nothing but the digest."""

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from fleet.agent.disk import Disk
from fleet.agent.layout import Layout
from fleet.documents.release import Wheel
from fleet.errors import FetchError

_log = logging.getLogger(__name__)

_WRITE_BYTES = 256 * 1024


class Reader(Protocol):
    """Where bytes come from; ``fleet.agent.http.WebServer``."""

    def read(self, path: str, *, start: int = 0) -> Iterator[bytes]: ...


class BlobStore:
    """The folder ``blobs``: a file of that name is whole and hashed; ``.part`` is what has come so far."""

    def __init__(self, disk: Disk, layout: Layout, reader: Reader) -> None:
        self._disk = disk
        self._layout = layout
        self._reader = reader

    def missing(self, wheels: Iterable[Wheel]) -> list[Wheel]:
        """What has to be fetched."""
        return [wheel for wheel in wheels if not self._disk.exists(self._layout.blob(wheel.sha256))]

    def bytes_left(self, wheels: Iterable[Wheel]) -> int:
        """How much has to come."""
        return sum(wheel.length - self._part_size(wheel) for wheel in self.missing(wheels))

    def fetch(self, wheel: Wheel, on_bytes: Callable[[int], None] = lambda _count: None) -> None:
        """Fetch one wheel.

        Raises:
            FetchError: It could not be fetched whole, or is not what was signed. What came is kept for the
                next time, unless it is wrong.
        """
        part = self._layout.part(wheel.sha256)
        self._disk.make_folder(self._layout.blobs)
        have = self._part_size(wheel)
        if have > wheel.length:
            self._disk.remove(part)
            have = 0
        if have < wheel.length:
            self._append(wheel, have, on_bytes)
        if self._disk.size(part) != wheel.length or self._disk.digest(part) != wheel.sha256:
            # Also after a power cut: a file may come back with its length and without its bytes.
            self._disk.remove(part)
            raise FetchError(f"{wheel.name} is not what was signed; it is fetched again")
        self._disk.sync_file(part)
        self._disk.rename(part, self._layout.blob(wheel.sha256))
        self._disk.sync_dir(self._layout.blobs)

    def drop_damaged(self, wheels: Iterable[Wheel]) -> list[Wheel]:
        """Hash what is here and drop what changed since; the wheels to fetch again."""
        damaged = []
        for wheel in wheels:
            path = self._layout.blob(wheel.sha256)
            if self._disk.exists(path) and self._disk.digest(path) != wheel.sha256:
                _log.warning("a stored wheel changed on the disk", extra={"wheel": wheel.name})
                self._disk.remove(path)
                damaged.append(wheel)
        return damaged

    def _append(self, wheel: Wheel, have: int, on_bytes: Callable[[int], None]) -> None:
        part, held = self._layout.part(wheel.sha256), b""
        try:
            for piece in self._reader.read(f"targets/blobs/{wheel.sha256}", start=have):
                have += len(piece)
                if have > wheel.length:
                    held = b""
                    self._disk.remove(part)
                    raise FetchError(f"{wheel.name} is longer than was signed")
                held += piece
                on_bytes(len(piece))
                if len(held) >= _WRITE_BYTES:
                    self._disk.append(part, held)
                    held = b""
        finally:
            # A line that is cut early each time would otherwise never bring anything.
            if held:
                self._disk.append(part, held)
        if have < wheel.length:
            raise FetchError(f"{wheel.name} ended {wheel.length - have} bytes too early")

    def _part_size(self, wheel: Wheel) -> int:
        part = self._layout.part(wheel.sha256)
        return self._disk.size(part) if self._disk.exists(part) else 0
