"""What was written to the guest's disk and when its cache was flushed, and disks made from it.

QEMU writes the log (``blklogwrites``, the form of Linux' dm-log-writes): each write with its bytes, each flush, in
their order. Whatever a machine was told to be safe lies before a flush; what was written after the last one may be
lost when the power goes, all of it or any part.
"""

import random
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_SECTOR = 512
_ENTRY = struct.Struct("<QQQQ")
_FLUSH, _DISCARD = 1, 4


@dataclass(frozen=True)
class _Entry:
    at: int
    sector: int
    sectors: int
    flags: int

    @property
    def data_at(self) -> int:
        return self.at + _SECTOR

    @property
    def end(self) -> int:
        return self.data_at + (0 if self.flags & _DISCARD else self.sectors * _SECTOR)


class DiskLog:
    """A log, read in steps, and the disk that it makes.

    Args:
        log: QEMU's file.
        base: The disk below: QCOW2, never written.
        folder: For the disks.
    """

    def __init__(self, log: Path, base: Path, folder: Path) -> None:
        self._log = log
        self._below = base
        self._folder = folder
        self._at = _SECTOR
        self._number = 0

    def position(self) -> int:
        """How long the log is: all that was flushed by now stands before it."""
        return self._log.stat().st_size

    def disk_at(self, position: int, *, loses: str, seed: int = 0) -> Path:
        """The disk after a power cut when the log was that long. Positions only grow from call to call.

        Args:
            position: As ``position`` told it.
            loses: Of what was written since the last flush: ``all``, or ``some`` by chance.
            seed: Of that chance.

        Returns:
            An overlay to be attached; its own disk, to be written as one likes.
        """
        entries = list(self._entries(self._at, position))
        flushes = [place for place, entry in enumerate(entries) if entry.flags & _FLUSH]
        safe = entries[: flushes[-1] + 1] if flushes else []
        if safe:
            self._at = safe[-1].end
            self._below = self._overlay(safe)
        rest = entries[len(safe) :]
        chance = random.Random(seed)
        return self._overlay([one for one in rest if loses == "some" and chance.random() < 0.5])

    def flushes(self, start: int, end: int) -> int:
        """How many flushes stand there."""
        return sum(1 for entry in self._entries(start, end) if entry.flags & _FLUSH)

    def _entries(self, start: int, end: int) -> Iterator[_Entry]:
        start = max(start, _SECTOR)
        with self._log.open("rb") as log:
            while start < end:
                log.seek(start)
                head = log.read(_ENTRY.size)
                if len(head) < _ENTRY.size:
                    return
                sector, sectors, flags, _ = _ENTRY.unpack(head)
                entry = _Entry(start, sector, sectors, flags)
                if entry.end > end:
                    return
                yield entry
                start = entry.end

    def _overlay(self, entries: list[_Entry]) -> Path:
        self._number += 1
        made = self._folder / f"moment{self._number}.qcow2"
        _call("qemu-img", "create", "-q", "-f", "qcow2", "-b", self._below, "-F", "qcow2", made)
        written: dict[int, bytes] = {}
        with self._log.open("rb") as log:
            for entry in entries:
                log.seek(entry.data_at)
                for number in range(entry.sectors):
                    zeros = bool(entry.flags & _DISCARD)
                    written[entry.sector + number] = bytes(_SECTOR) if zeros else log.read(_SECTOR)
        # qemu-io repeats a pattern file from its beginning, so each run gets a file of its own.
        commands, pieces = [], []
        for place, run in enumerate(_runs(sorted(written))):
            piece = self._folder / f"piece{place}"
            piece.write_bytes(b"".join(written[sector] for sector in run))
            pieces.append(piece)
            commands.append(f"write -s {piece} {run[0] * _SECTOR} {len(run) * _SECTOR}")
        done = subprocess.run(
            ["qemu-io", "-f", "qcow2", str(made)],
            input="\n".join([*commands, "flush", "quit"]),
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        for piece in pieces:
            piece.unlink()
        if done.stdout.count("wrote ") != len(commands):
            raise RuntimeError(f"qemu-io: {done.stdout[-500:]}{done.stderr[-500:]}")
        return made


def _runs(sectors: list[int], most: int = 2048) -> Iterator[list[int]]:
    run: list[int] = []
    for sector in sectors:
        if run and (sector != run[-1] + 1 or len(run) == most):
            yield run
            run = []
        run.append(sector)
    if run:
        yield run


def _call(*command: object) -> None:
    subprocess.run([str(part) for part in command], check=True)
