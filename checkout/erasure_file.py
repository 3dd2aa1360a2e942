"""Who was erased, in a file beside the database: it outlives a restored copy (row 205).

One line each, the time and the id of the profile, which names nobody. Lines are only ever added.
"""

import logging
import os
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from uuid import UUID

from loyalty.ports.unit_of_work import UnitOfWork
from runtime.errors import ComptoirError

_log = logging.getLogger(__name__)


class ErasureFile:
    """Any thread.

    Args:
        path: The file; made when there is something to write.
        reading: Opens a unit of work for reading.
    """

    def __init__(self, path: Path, reading: Callable[[], AbstractContextManager[UnitOfWork]]) -> None:
        self._path = path
        self._reading = reading
        self._lock = threading.Lock()

    def ids(self) -> list[UUID]:
        """All that stand in the file; a line that cannot be read is left out and logged."""
        try:
            lines = self._path.read_text(encoding="ascii", errors="replace").splitlines()
        except FileNotFoundError:
            return []
        found = [_id_of(line) for line in lines if line.strip()]
        broken = sum(each is None for each in found)
        if broken:
            _log.warning("lines of the file of erasures cannot be read", extra={"lines": broken})
        return [each for each in found if each is not None]

    def add_new(self) -> None:
        """Add whoever was erased since, safely on the disk. A disk that is full is logged and tried again."""
        try:
            with self._lock:
                self._add_new()
        except (OSError, ComptoirError) as error:
            _log.error("the file of erasures cannot be written", exc_info=error)

    def _add_new(self) -> None:
        with self._reading() as unit:
            erased = unit.people.erased()
        there = set(self.ids()) if erased else set()
        new = [each for each in erased if each.customer_id not in there]
        if not new:
            return
        text = "".join(f"{each.at.isoformat()} {each.customer_id}\n" for each in new)
        written = self._path.read_bytes() if self._path.exists() else b""
        is_cut = bool(written) and not written.endswith(b"\n")  # a power cut in the middle of a line
        handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, (("\n" if is_cut else "") + text).encode("ascii"))
            os.fsync(handle)
        finally:
            os.close(handle)


def _id_of(line: str) -> UUID | None:
    try:
        return UUID(line.rsplit(maxsplit=1)[-1])
    except ValueError:
        return None
