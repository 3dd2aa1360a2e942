"""The background of imports: reads uploads, checks them, runs them, and goes on after a restart.

Reading and checking happen one after the other in a child process; rows are stored in slices on the writer,
of several imports in turn. What the database could not take is tried again, for as long as it takes.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from babel.numbers import get_currency_precision

from checkout.errors import CheckoutError, ImportFileError
from checkout.imports.child_process import NO_ROOM, run_child
from checkout.imports.folder import ImportFolder
from checkout.imports.reading import CHECK_ORDER, SHEET_SUMMARY, CheckOrder
from checkout.imports.slices import checking, importing
from checkout.writer import Priority, SliceTime, Writer
from loyalty.domain.calendar import local_date
from loyalty.domain.importing.cells import CellContext
from loyalty.domain.importing.fields import custom_id
from loyalty.domain.importing.record import Counts, CustomerImport, ImportState, PauseReason
from loyalty.errors import ConflictError, LoyaltyError, StorageError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.import_steps import forget_people_of, pause_import, sheet_was_read
from loyalty.services.setup import shop_settings
from runtime.lifecycle import Worker

_log = logging.getLogger(__name__)

_LOOKED_EVERY_S = 5.0
_TRIED_AGAIN_AFTER_S = 10.0
_TIDIED_EVERY_S = 3600.0
KEPT = timedelta(days=30)
"""So long an ended import's file is there, for the rows that failed, and one that waits for somebody."""
_WAITING = frozenset({ImportState.MAPPING, ImportState.CHECKED, ImportState.PAUSED})

Reading = Callable[[], AbstractContextManager[UnitOfWork]]


class ImportRunner:
    """Moves imports on. Any thread may call its methods.

    Args:
        folder: Their files.
        writer: Stores the rows.
        reading: Opens a unit of work for reading.
        ctx: What the use cases share.
        on_death: See :class:`runtime.lifecycle.Worker`.
    """

    def __init__(
        self,
        folder: ImportFolder,
        writer: Writer[UnitOfWork],
        reading: Reading,
        ctx: ServiceContext,
        on_death: Callable[[str], None] | None = None,
    ) -> None:
        self.folder = folder
        self._writer = writer
        self._reading = reading
        self._ctx = ctx
        self._lock = threading.Lock()
        self._at_work: set[UUID] = set()
        self._troubled: dict[UUID, float] = {}
        self._asked: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._tidied_s: float | None = None
        self._worker = Worker("imports", self._run, on_death)

    def start(self) -> None:
        self._worker.start()

    def stop(self) -> None:
        """End the child process and queue no more slices; before the writer is stopped."""
        self._worker.stopping.set()
        self.wake()
        self._worker.stop()

    def wake(self) -> None:
        """Something changed: look now."""
        self._asked.put(None)

    def is_troubled(self, import_id: UUID) -> bool:
        """Whether the database could not take its rows just now; they are tried again."""
        with self._lock:
            return import_id in self._troubled

    def _run(self, stopping: threading.Event) -> None:
        while not stopping.is_set():
            try:
                self.look(stopping)
            except LoyaltyError as error:
                _log.warning("imports have to wait", extra={"code": error.code})
            self._wait(stopping)

    def _wait(self, stopping: threading.Event) -> None:
        try:
            self._asked.get(timeout=_LOOKED_EVERY_S)
        except queue.Empty:
            return
        while not self._asked.empty() and not stopping.is_set():
            self._asked.get()

    def look(self, stopping: threading.Event) -> None:
        """One round: move on whatever stands still and need not."""
        with self._reading() as unit:
            active = unit.imports.active()
        for record in active:
            if not stopping.is_set() and self._may_start(record.id):
                self._move_on(record, stopping)
        self._tidy()

    def _move_on(self, record: CustomerImport, stopping: threading.Event) -> None:
        try:
            if record.state is ImportState.READING:
                self._read(record, stopping)
            elif record.state is ImportState.CHECKING:
                self._check(record, stopping)
            else:
                self._slices(record.id, importing(record, self.folder.prepared(record.id), self._ctx))
        except ImportFileError as error:
            _log.warning("an import cannot go on", extra={"code": error.code, "detail": error.message})
            self._file_is_gone(record)
        except CheckoutError as error:
            _log.info("an import has to wait", extra={"code": error.code})
            self._trouble(record.id)

    def _read(self, record: CustomerImport, stopping: threading.Event) -> None:
        answer = run_child("read", self.folder.of(record.id), b"", stopping)
        if answer is None:
            return self._free(record.id)
        sheet = answer if "fault" in answer else SHEET_SUMMARY.validate_python(answer)
        self._store(lambda unit: sheet_was_read(unit, self._ctx, record.id, sheet))
        return self._free(record.id)

    def _check(self, record: CustomerImport, stopping: threading.Event) -> None:
        """The dry run begins anew where it was interrupted: what it remembered is gone."""
        order = self._order(record)
        if order is None:
            self._store(lambda unit: _back_to_mapping(unit, record.id))
            return self._free(record.id)
        answer = run_child("check", self.folder.of(record.id), CHECK_ORDER.dump_json(order), stopping)
        if answer is None:
            return self._free(record.id)
        if answer == NO_ROOM:
            return self._trouble(record.id)
        self._store(lambda unit: _from_the_start(unit, record))
        repeated = frozenset(answer["repeated"])
        path = self.folder.prepared(record.id)
        return self._slices(record.id, checking(record, path, self._ctx, repeated))

    def _order(self, record: CustomerImport) -> CheckOrder | None:
        """None where a field of the plan is gone meanwhile."""
        with self._reading() as unit:
            shop, fields = shop_settings(unit), unit.profiles.custom_fields()
        plan = record.plan
        if plan is None:
            return None
        asked = {field_id for target in plan.targets if target and (field_id := custom_id(target))}
        used = tuple(each for each in fields if each.id in asked and each.archived_at is None)
        if len(used) < len(asked):
            return None
        today = local_date(self._ctx.clock.now(), shop.timezone)
        context = CellContext(
            shop.phone_region,
            get_currency_precision(shop.currency),
            plan.date_order,
            today,
            shop.timezone,
        )
        return CheckOrder(plan, context, used)

    def _slices(self, import_id: UUID, slices: Callable[[UnitOfWork, SliceTime], bool]) -> None:
        future = self._writer.submit_slices(slices)
        future.add_done_callback(lambda done: self._slices_ended(import_id, done))

    def _slices_ended(self, import_id: UUID, done: "Future[Any]") -> None:
        """On the writer's thread."""
        error = None if done.cancelled() else done.exception()
        if error is None or isinstance(error, ConflictError):  # somebody was faster: read again, and go on
            self._free(import_id)
        elif isinstance(error, StorageError):
            _log.warning("the database takes no rows of an import", extra={"code": error.code})
            self._trouble(import_id)
        elif isinstance(error, ImportFileError):
            self._trouble(import_id)
            self._later(lambda unit: pause_import(unit, import_id, PauseReason.FILE))
        else:
            _log.error("an import stopped", exc_info=error)
            self._trouble(import_id)
            self._later(lambda unit: pause_import(unit, import_id, PauseReason.CHANGED))
        self.wake()

    def _file_is_gone(self, record: CustomerImport) -> None:
        self._trouble(record.id)
        if record.state is ImportState.READING:
            self._later(lambda unit: sheet_was_read(unit, self._ctx, record.id, {"fault": "damaged"}))
        elif record.state is ImportState.CHECKING:
            self._later(lambda unit: _back_to_mapping(unit, record.id))

    def _store(self, work: Callable[[UnitOfWork], object]) -> None:
        """On the writer, and wait for it.

        Raises:
            LoyaltyError: It could not be stored.
            CheckoutError: The writer is busy or stopped.
        """
        self._writer.submit(Priority.STAFF, work).result()

    def _later(self, work: Callable[[UnitOfWork], object]) -> None:
        try:
            self._writer.submit(Priority.BACKGROUND, work)
        except CheckoutError as error:
            _log.info("the station is busy", extra={"code": error.code})

    def _may_start(self, import_id: UUID) -> bool:
        with self._lock:
            tried_s = self._troubled.get(import_id)
            is_too_soon = tried_s is not None and time.monotonic() - tried_s < _TRIED_AGAIN_AFTER_S
            if import_id in self._at_work or is_too_soon:
                return False
            self._at_work.add(import_id)
            return True

    def _free(self, import_id: UUID) -> None:
        with self._lock:
            self._at_work.discard(import_id)
            self._troubled.pop(import_id, None)

    def _trouble(self, import_id: UUID) -> None:
        with self._lock:
            self._at_work.discard(import_id)
            self._troubled[import_id] = time.monotonic()

    def _tidy(self) -> None:
        """Forget the people of imports that ended or were left lying long ago; files that nobody knows."""
        now_s = time.monotonic()
        if self._tidied_s is not None and now_s - self._tidied_s < _TIDIED_EVERY_S:
            return
        self._tidied_s = now_s
        kept = self.folder.kept()
        if not kept:
            return
        limit = self._ctx.clock.now() - KEPT
        with self._reading() as unit:
            old = set(unit.imports.finished_before(limit)).intersection(kept)
            there = {import_id: unit.imports.get(import_id) for import_id in kept}
        unknown = {import_id for import_id, record in there.items() if record is None}
        left = {
            record.id
            for record in there.values()
            if record is not None and record.state in _WAITING and record.created_at < limit
        }
        try:
            for import_id in old | left:
                self._store(partial(forget_people_of, ctx=self._ctx, import_id=import_id))
        except CheckoutError as error:
            _log.info("old imports are forgotten later", extra={"code": error.code})
            return
        for import_id in old | left | unknown:
            self.folder.forget(import_id)


def _from_the_start(unit: UnitOfWork, record: CustomerImport) -> None:
    there = unit.imports.get(record.id)
    if there is not None and there.state is ImportState.CHECKING:
        unit.imports.forget_failures(record.id)
        unit.imports.forget_likenesses(record.id)
        unit.imports.save(replace(there, counts=Counts(), position=0))


def _back_to_mapping(unit: UnitOfWork, import_id: UUID) -> None:
    there = unit.imports.get(import_id)
    if there is not None and there.state is ImportState.CHECKING:
        unit.imports.save(
            replace(there, state=ImportState.MAPPING, fault={"pause": PauseReason.CHANGED.value})
        )
