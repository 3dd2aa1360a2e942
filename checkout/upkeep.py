"""What nobody at a counter waits for: noting what was published, and the work of the shop's clock.

Old bookkeeping is forgotten once a day. Every minute points expire, and warnings, birthday gifts, news of the
programme and the digest are made, in slices, so that a customer waits for one of them at the most. The
database's journal is emptied after an erasure and once a day, because it keeps what was erased until then.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any
from uuid import UUID

from checkout.errors import CheckoutError
from checkout.writer import Priority, Writer
from loyalty.ports.papers import AttachmentFiles
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.clock_work import CLOCK_SLICES
from loyalty.services.context import ServiceContext
from loyalty.services.customer_papers import sweep_files
from loyalty.services.housekeeping import tidy
from loyalty.services.retention import forget_inactive_slice
from runtime.lifecycle import Worker

_log = logging.getLogger(__name__)

_NOTED_EVERY_S = 1.0
_TIDIED_EVERY_S = 24 * 3600.0
_CLOCK_EVERY_S = 60.0

_Slice = Callable[[UnitOfWork, ServiceContext], int]


class Upkeep:
    """Queues background work for the writer. Any thread.

    Args:
        writer: Who does it, after everything that somebody waits for.
        ctx: Clock of the station.
        files: Files of profiles, swept once a day, and after somebody was forgotten.
        on_death: See :class:`runtime.lifecycle.Worker`.
        each_minute: Called on this thread with every round of the shop's clock.
        fold_journal: Empties the database's journal; whether it could. On the writer's thread.
    """

    def __init__(
        self,
        writer: Writer[UnitOfWork],
        ctx: ServiceContext,
        *,
        files: AttachmentFiles | None = None,
        on_death: Callable[[str], None] | None = None,
        each_minute: Callable[[], None] | None = None,
        fold_journal: Callable[[], bool] | None = None,
    ) -> None:
        self._fold_journal = fold_journal
        self._is_unfolded = False
        self._each_minute = each_minute
        self._writer = writer
        self._ctx = ctx
        self._files = files
        self._lock = threading.Lock()
        self._published: list[UUID] = []
        self._tidied_s: float | None = None
        self._clocked_s: float | None = None
        self._worker = Worker("upkeep", self._run, on_death)

    def start(self) -> None:
        self._worker.start()

    def stop(self) -> None:
        """End, and queue what is left to note; before the writer is stopped."""
        self._worker.stop()
        self._note_published()

    def published(self, message_id: UUID) -> None:
        """A message of the outbox went to the broker: it need not go out at the next start."""
        with self._lock:
            self._published.append(message_id)

    def after_erasure(self) -> None:
        """Take what somebody had told out of the journal too. Any thread.

        Somebody who reads meanwhile is in the way; then it is tried again each minute.
        """
        if self._fold_journal is not None:
            self._is_unfolded = True
            self._fold()

    def do_what_is_due(self) -> None:
        """One round: the worker's, every second."""
        self._note_published()
        now_s = self._ctx.clock.monotonic_s()
        if self._tidied_s is None or now_s - self._tidied_s >= _TIDIED_EVERY_S:
            self._tidied_s = now_s
            self._submit(lambda unit: tidy(unit, self._ctx))
            self._sweep()
            self._is_unfolded = self._fold_journal is not None
        if self._clocked_s is None or now_s - self._clocked_s >= _CLOCK_EVERY_S:
            self._clocked_s = now_s
            for work in CLOCK_SLICES:
                self._do_slice(work)
            if self._is_unfolded:
                self._fold()
            if self._each_minute is not None:
                self._each_minute()

    def _do_slice(self, work: _Slice) -> None:
        """One slice, and another behind whatever waits by then, for as long as there was something to do."""

        def go_on(done: "Future[Any]") -> None:
            if not done.cancelled() and done.exception() is None and done.result() > 0:
                self._do_slice(work)
                if work is forget_inactive_slice:  # the files of whom the clock forgot go with them
                    self._sweep()
                    self.after_erasure()

        self._submit(lambda unit: work(unit, self._ctx), go_on)

    def _sweep(self) -> None:
        if (files := self._files) is not None:
            self._submit(lambda unit: sweep_files(unit, files))

    def _fold(self) -> None:
        try:
            self._writer.run(Priority.BACKGROUND, self._try_to_fold)
        except CheckoutError as error:
            _log.info("the journal has to wait", extra={"code": error.code})

    def _try_to_fold(self) -> None:
        if (fold := self._fold_journal) is not None:
            self._is_unfolded = not fold()

    def _run(self, stopping: threading.Event) -> None:
        while not stopping.wait(_NOTED_EVERY_S):
            self.do_what_is_due()

    def _note_published(self) -> None:
        with self._lock:
            done, self._published = self._published, []
        if not done:
            return
        now = self._ctx.clock.now()
        if not self._submit(lambda unit: unit.outbound.mark_published(done, now)):
            with self._lock:
                self._published.extend(done)

    def _submit(
        self, work: Callable[[UnitOfWork], Any], then: "Callable[[Future[Any]], None] | None" = None
    ) -> bool:
        try:
            future = self._writer.submit(Priority.BACKGROUND, work)
        except CheckoutError as error:
            _log.info("upkeep has to wait", extra={"code": error.code})
            return False
        future.add_done_callback(_log_failure)
        if then is not None:
            future.add_done_callback(then)
        return True


def _log_failure(done: "Future[Any]") -> None:
    if not done.cancelled() and (error := done.exception()) is not None:
        _log.error("upkeep failed", exc_info=error)
