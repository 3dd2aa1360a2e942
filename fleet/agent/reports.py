"""What the desk is told: the last report, numbered, kept on the disk until the broker has it.

The number and the end of the last update survive a restart, so that a late report never hides a newer one
and a rollback is told even if the broker was away for all of it.
"""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from fleet.agent.disk import Disk, write_durably
from fleet.agent.layout import Layout
from messaging.station.fleet import FleetReported, UpdateEnded

Publish = Callable[[FleetReported], bool]
"""Hands a report to the broker; False while it is away."""


class Reports:
    """One thread.

    Args:
        disk: Keeps what must not be lost.
        layout: Says where.
        boot: Of this start of the machine.
        publish: Called with each new report.
    """

    def __init__(self, disk: Disk, layout: Layout, boot: UUID, publish: Publish) -> None:
        self._disk = disk
        self._path = layout.reports
        self._boot = boot
        self._publish = publish
        self._number, self.last = self._read()

    def ended(self, end: UpdateEnded) -> None:
        """An update came to its end; durable when it returns."""
        self.last = end
        self._write()

    def tell(self, **now: Any) -> FleetReported:
        """Publish what is so now; see :class:`messaging.station.fleet.FleetReported` for the fields."""
        self._number += 1
        report = FleetReported(n=self._number, boot=self._boot, last=self.last, **now)
        # The number need not be durable each time: after a restart it goes on well above.
        self._publish(report)
        return report

    def _read(self) -> tuple[int, UpdateEnded | None]:
        try:
            found = json.loads(self._disk.read(self._path))
            last = UpdateEnded.model_validate(found["last"]) if found["last"] is not None else None
            number = int(found["number"])
        except (OSError, ValueError, KeyError, TypeError, ValidationError):
            return 0, None
        self._number, self.last = number + 10_000, last
        return self._number, last

    def _write(self) -> None:
        last = self.last.model_dump(mode="json") if self.last is not None else None
        write_durably(self._disk, self._path, json.dumps({"number": self._number, "last": last}).encode())
