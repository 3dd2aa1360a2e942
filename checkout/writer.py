"""The one thread that writes to the ledger.

Everything that changes data waits here in a priority queue: what happens at a counter first, then what
staff do, then background work, which comes in slices so that nobody at a counter waits for it
(architecture §3). Each piece of work runs in one unit of work, that is in one transaction.
"""

import itertools
import logging
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Generic, Protocol, TypeVar

from checkout.errors import WriterBusyError, WriterStoppedError
from runtime.lifecycle import Worker

_log = logging.getLogger(__name__)

SLICE_S, LONG_SLICE_S = 0.010, 0.050
"""How long one slice of background work may take where somebody waits, and where nobody does."""


CAPACITY = 12_000
"""More than the broker keeps for a station that was away (``max_queued_messages``): Mosquitto hands all of it
over at once, whatever the station has acknowledged, and what found no room would have to be sent again."""


class Priority(IntEnum):
    """Lower goes first; equals go in the order they came.

    ``SIGN_OF_LIFE`` is for the machine's watchdog: it wants to know whether the writer gets on, not whether
    the queue is empty. Behind a flood of scans, or in a long day's backlog, it would come too late.
    """

    SIGN_OF_LIFE = -1
    COUNTER = 0
    STAFF = 1
    BACKGROUND = 2
    STOP = 9


class Committable(Protocol):
    """What a unit of work must offer here."""

    def commit(self) -> None: ...


UnitT = TypeVar("UnitT", bound=Committable)
ResultT = TypeVar("ResultT")


class SliceTime:
    """How long a slice may take.

    Work comes in steps of ``step_s``, and between two of them it asks whether it should end: when somebody
    began to wait meanwhile, or when it had its time. So one transaction holds many steps while nobody waits,
    which costs a fraction of as many transactions, and no scan waits for more than a step and a commit.

    Args:
        is_awaited: Whether somebody at a counter or on a page waits for the writer.
        monotonic: The time in seconds.
    """

    def __init__(
        self, is_awaited: Callable[[], bool], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.step_s = SLICE_S
        self._is_awaited = is_awaited
        self._monotonic = monotonic
        self._until_s = monotonic() + LONG_SLICE_S - SLICE_S

    @property
    def is_over(self) -> bool:
        return self._is_awaited() or self._monotonic() >= self._until_s


@dataclass(frozen=True)
class WriterFigures:
    """What the health page shows of the writer. ``depth`` is what waits now, the rest since the start."""

    depth: int
    done: int
    failed: int
    longest_wait_ms: float
    longest_work_ms: float


class Writer(Generic[UnitT]):
    """Runs work one after the other, each in a transaction of its own.

    Args:
        open_unit: Opens a unit of work; leaving it without ``commit`` rolls back.
        open_slice: The same for background work in slices, which a power cut may undo as long as nothing
            of it is half there: it says by itself how far it got. Like ``open_unit`` without it.
        capacity: How much may wait; more is refused, never silently dropped.
        on_death: See :class:`runtime.lifecycle.Worker`.
    """

    def __init__(
        self,
        open_unit: Callable[[], AbstractContextManager[UnitT]],
        *,
        open_slice: Callable[[], AbstractContextManager[UnitT]] | None = None,
        capacity: int = CAPACITY,
        on_death: Callable[[str], None] | None = None,
    ) -> None:
        self._open_unit = open_unit
        self._open_slice = open_slice or open_unit
        self._queue: queue.PriorityQueue[tuple[int, int, Callable[[], None]]] = queue.PriorityQueue()
        self._capacity = capacity
        self._turns = itertools.count()
        self._lock = threading.Lock()
        self._accepting = True
        self._ended = threading.Event()
        self._done = self._failed = 0
        self._longest_wait_s = self._longest_work_s = 0.0
        self._worker = Worker("writer", self._run, on_death)

    def start(self) -> None:
        self._worker.start()

    def stop(self, timeout_s: float = 10.0) -> None:
        """Refuse new work, finish what waits, and end.

        Raises:
            LifecycleError: The queue did not empty in time.
        """
        with self._lock:
            self._accepting = False
        self._queue.put((Priority.STOP, next(self._turns), self._worker.stopping.set))
        if self._worker.is_alive and not self._ended.wait(timeout_s):
            _log.error("work was left undone", extra={"depth": self._queue.qsize()})
        self._worker.stop()

    @property
    def is_alive(self) -> bool:
        return self._worker.is_alive

    @property
    def has_more(self) -> bool:
        """Whether work waits behind the present one."""
        return not self._queue.empty()

    def submit(
        self,
        priority: Priority,
        work: Callable[[UnitT], ResultT],
        then: Callable[[ResultT], None] | None = None,
    ) -> "Future[ResultT]":
        """Queue work. Any thread.

        Args:
            priority: Who waits for it.
            work: Runs on the writer thread inside a fresh unit of work, which is committed when it
                returns and rolled back when it raises.
            then: Runs on the writer thread right after the commit, before the future is done: the place
                to publish. It must not block.

        Returns:
            The future of what ``work`` returns, or of what it raised.

        Raises:
            WriterBusyError: The queue is full.
            WriterStoppedError: The writer was stopped.
        """
        future: Future[ResultT] = Future()
        asked = time.monotonic()

        def turn() -> None:
            if not future.set_running_or_notify_cancel():
                return
            self._longest_wait_s = max(self._longest_wait_s, time.monotonic() - asked)
            try:
                result = self._transact(work)
            except Exception as error:  # noqa: BLE001 - it belongs to whoever asked for the work
                self._failed += 1
                future.set_exception(error)
                return
            if then is not None:
                _guarded(then, result)
            future.set_result(result)

        self._enqueue(priority, turn)
        return future

    def run(self, priority: Priority, work: Callable[[], None]) -> None:
        """Queue work that follows other work and opens no transaction: reading and telling. Any thread.

        Raises:
            WriterBusyError: The queue is full, which hinders no sign of life.
            WriterStoppedError: The writer was stopped.
        """

        def turn() -> None:
            try:
                work()
            except Exception:  # noqa: BLE001 - the writer outlives what it runs
                self._failed += 1
                _log.exception("work on the writer failed")

        self._enqueue(priority, turn)

    def submit_slices(self, slice_of_work: Callable[[UnitT, SliceTime], bool]) -> "Future[None]":
        """Queue background work that is done piece by piece, each piece in its own transaction.

        Args:
            slice_of_work: Gets the unit of work and the time it may take; returns whether there is more
                to do.

        Raises:
            WriterBusyError: The queue is full.
            WriterStoppedError: The writer was stopped.
        """
        future: Future[None] = Future()

        def turn() -> None:
            try:
                more = self._transact(
                    lambda unit: slice_of_work(unit, SliceTime(self._is_awaited)), self._open_slice
                )
            except Exception as error:  # noqa: BLE001 - it belongs to whoever asked for the work
                self._failed += 1
                future.set_exception(error)
                return
            if more and self._accepting:
                self._queue.put((Priority.BACKGROUND, next(self._turns), turn))
            else:
                future.set_result(None)

        self._enqueue(Priority.BACKGROUND, turn)
        return future

    def figures(self) -> WriterFigures:
        return WriterFigures(
            depth=self._queue.qsize(),
            done=self._done,
            failed=self._failed,
            longest_wait_ms=round(self._longest_wait_s * 1000, 1),
            longest_work_ms=round(self._longest_work_s * 1000, 1),
        )

    def _is_awaited(self) -> bool:
        with self._queue.mutex:
            waiting = self._queue.queue
            return bool(waiting) and waiting[0][0] != Priority.BACKGROUND

    def _enqueue(self, priority: Priority, turn: Callable[[], None]) -> None:
        with self._lock:
            if not self._accepting:
                raise WriterStoppedError("the station stops and takes no more work")
            if self._queue.qsize() >= self._capacity and priority is not Priority.SIGN_OF_LIFE:
                raise WriterBusyError(f"{self._capacity} pieces of work wait already")
            self._queue.put((priority, next(self._turns), turn))

    def _transact(
        self,
        work: Callable[[UnitT], ResultT],
        open_unit: Callable[[], AbstractContextManager[UnitT]] | None = None,
    ) -> ResultT:
        started = time.monotonic()
        with (open_unit or self._open_unit)() as unit:
            result = work(unit)
            unit.commit()
        self._done += 1
        self._longest_work_s = max(self._longest_work_s, time.monotonic() - started)
        return result

    def _run(self, stopping: threading.Event) -> None:
        try:
            while not stopping.is_set():
                _, _, turn = self._queue.get()
                turn()
        finally:
            self._ended.set()


def _guarded(then: Callable[[Any], None], result: object) -> None:
    try:
        then(result)
    except Exception:  # noqa: BLE001 - the commit stands, whatever follows it
        _log.exception("what follows a commit failed")
