"""What the desk is told: the last report, numbered, kept on the disk until the broker has it.

The number and the end of the last update survive a restart, so that a late report never hides a newer one
and a rollback is told even if the broker was away for all of it.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from fleet.agent.disk import Disk, write_durably
from fleet.agent.layout import Layout
from fleet.agent.switch import Failure
from messaging.station.fleet import FleetReported, UpdateEnded

_LEAP = 10_000
"""More reports than are told between two writes of the number."""

Publish = Callable[[FleetReported], bool]
"""Hands a report to the broker; False while it is away."""


class Reports:
    """One thread.

    Args:
        disk: Keeps what must not be lost.
        layout: Says where.
        boot: Of this start of the machine.
        publish: Called with each new report.
        first: Number to begin above where none is kept: the desk takes no report below one that it has.
    """

    def __init__(self, disk: Disk, layout: Layout, boot: UUID, publish: Publish, *, first: int = 0) -> None:
        self._first = first
        self._disk = disk
        self._path = layout.reports
        self._boot = boot
        self._publish = publish
        self._kept = self._read()
        self.newest: FleetReported | None = None
        """What was told last since the start."""

    @property
    def last(self) -> UpdateEnded | None:
        """How the last update ended."""
        return self._kept.last

    def ended(self, end: UpdateEnded, running: str | None) -> None:
        """An update came to its end; durable when it returns, and only then told."""
        told = self._kept.told_failures
        if end.result == "rolled_back":
            told = (*told, end.release)
        self._keep(replace(self._kept, last=end, running=running, told_failures=told))

    def catch_up(self, running: str | None, failures: Iterable[Failure]) -> None:
        """Note ends that a power cut kept from being noted: the disk shows them."""
        for failure in failures:
            if failure.release not in self._kept.told_failures:
                self.ended(ended_by(failure), running)
        if running is not None and running != self._kept.running:
            if self._kept.running is not None:
                self.ended(UpdateEnded(release=running, result="committed"), running)
            else:
                self._keep(replace(self._kept, running=running))

    def tell(self, **now: Any) -> FleetReported:
        """Publish what is so now; see :class:`messaging.station.fleet.FleetReported` for the fields."""
        # The number need not be durable each time: after a restart it goes on well above.
        self._kept = replace(self._kept, number=self._kept.number + 1)
        report = FleetReported(n=self._kept.number, boot=self._boot, last=self.last, **now)
        self.newest = report
        self._publish(report)
        return report

    def _read(self) -> "_Kept":
        try:
            found = json.loads(self._disk.read(self._path))
            last = UpdateEnded.model_validate(found["last"]) if found["last"] is not None else None
            told = tuple(str(each) for each in found["told_failures"])
            number, running = int(found["number"]), found["running"]
        except (OSError, ValueError, KeyError, TypeError, ValidationError):
            return _Kept(self._first)
        kept = _Kept(number + _LEAP, last, str(running) if running is not None else None, told)
        self._keep(kept)
        return kept

    def _keep(self, kept: "_Kept") -> None:
        self._kept = kept
        last = kept.last.model_dump(mode="json") if kept.last is not None else None
        record = {
            "number": kept.number,
            "last": last,
            "running": kept.running,
            "told_failures": kept.told_failures,
        }
        write_durably(self._disk, self._path, json.dumps(record).encode())


def first_number(now: datetime) -> int:
    """Above what a device told whose own record was lost; four starts a day make numbers grow as fast."""
    return max(0, int(now.timestamp())) // 2


@dataclass(frozen=True)
class _Kept:
    """What survives a restart. ``running`` is the release that ran when it was last looked."""

    number: int = 0
    last: UpdateEnded | None = None
    running: str | None = None
    told_failures: tuple[str, ...] = ()


def ended_by(failure: Failure) -> UpdateEnded:
    """A failure in the words of the report."""
    return UpdateEnded(
        release=failure.release,
        result="rolled_back",
        reason=failure.reason[:300],
        tries=failure.tries,
        log=failure.log[-4096:],
    )
