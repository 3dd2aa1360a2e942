"""What is to be printed, one thread for all printers, and what each lane's printer is up to.

A receipt that cannot be printed is not tried for ever: a cashier who mends the paper presses "print again",
and the receipt itself is in the ledger's database, where it stays (row 186).
"""

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from checkout.errors import NoPrinterError, PrinterAwayError
from loyalty.domain.receipt_settings import LanePrinter
from runtime.clock import Clock, SystemClock
from runtime.lifecycle import Worker

_log = logging.getLogger(__name__)

MAX_WAITING = 100
_LOOK_S = 0.5
_LONGEST_S = 12.0
"""More than the longest print takes: its link, reaching the printer, handing it the bytes."""


@dataclass(frozen=True)
class PrintJob:
    """One print. ``make`` runs on the printing thread: it reads what is to be printed, and where."""

    lane_id: UUID
    what: str
    """For the till: a receipt's number; empty for a test print."""
    make: Callable[[], tuple[LanePrinter, bytes] | None]
    """None where there is nothing to print, or nowhere."""


@dataclass(frozen=True)
class PrintTrouble:
    """A print that did not come out. ``code`` is ``printer_away``, ``no_printer`` or ``print_failed``."""

    code: str
    what: str
    since: datetime | None = field(default=None, compare=False)
    """When the first print of a row of such did not come out."""


Send = Callable[[LanePrinter, bytes], None]


class PrintQueue:
    """Prints one job after the other. ``submit`` from any thread; it never blocks.

    Args:
        send: Reaches a printer.
        on_change: Called with a lane's id when its printer fell silent or prints again.
        on_death: See :class:`runtime.lifecycle.Worker`.
        clock: For since when.
    """

    def __init__(
        self,
        send: Send,
        on_change: Callable[[UUID], None],
        on_death: Callable[[str], None] | None = None,
        *,
        clock: Clock | None = None,
    ) -> None:
        self._clock = clock or SystemClock()
        self._send = send
        self._on_change = on_change
        self._jobs: queue.Queue[PrintJob] = queue.Queue(MAX_WAITING)
        self._lock = threading.Lock()
        self._troubles: dict[UUID, PrintTrouble] = {}
        self._worker = Worker("printing", self._run, on_death)

    def start(self) -> None:
        self._worker.start()

    def stop(self) -> None:
        self._worker.stop(timeout_s=_LONGEST_S)

    def submit(self, job: PrintJob) -> None:
        try:
            self._jobs.put_nowait(job)
        except queue.Full:
            self._say(job, PrintTrouble("printer_away", job.what))

    def trouble_of(self, lane_id: UUID) -> PrintTrouble | None:
        """Why the lane's last print did not come out; None once one did."""
        with self._lock:
            return self._troubles.get(lane_id)

    def print_next(self, timeout_s: float) -> bool:
        """Do one job, if one comes in time; whether one did."""
        try:
            job = self._jobs.get(timeout=timeout_s)
        except queue.Empty:
            return False
        self._say(job, self._print(job))
        self._jobs.task_done()
        return True

    def _run(self, stopping: threading.Event) -> None:
        while not stopping.is_set():
            self.print_next(_LOOK_S)

    def _print(self, job: PrintJob) -> PrintTrouble | None:
        try:
            made = job.make()
            if made is not None:
                self._send(*made)
        except (PrinterAwayError, NoPrinterError) as error:
            _log.warning("a receipt was not printed", extra={"code": error.code, "lane": str(job.lane_id)})
            return PrintTrouble(error.code, job.what)
        except Exception:  # noqa: BLE001 - a receipt that cannot be drawn must not end the thread that draws the next one
            _log.exception("a receipt was not printed")
            return PrintTrouble("print_failed", job.what)
        return None

    def _say(self, job: PrintJob, trouble: PrintTrouble | None) -> None:
        with self._lock:
            before = self._troubles.pop(job.lane_id, None)
            if trouble is not None:
                since = before.since if before is not None else self._clock.now()
                self._troubles[job.lane_id] = replace(trouble, since=since)
        if before != trouble:
            self._on_change(job.lane_id)
