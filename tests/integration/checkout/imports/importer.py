"""Imports in a running station, step by step, as the pages do them; also a process of its own to be killed."""

import io
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from checkout.imports.folder import ImportFolder
from checkout.imports.runner import ImportRunner
from checkout.writer import Priority, Writer
from loyalty.adapters.sql.database import SqlDatabase
from loyalty.adapters.sql.migrate import migrate
from loyalty.domain.importing.headers import guess_targets
from loyalty.domain.importing.plan import ImportPlan
from loyalty.domain.importing.record import CustomerImport, ImportState
from loyalty.domain.staff import StaffMember
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.import_steps import begin_import, plan_import, start_import
from runtime.clock import SystemClock
from runtime.ids import new_id
from tests.fakes.shop import counter, service_context
from tests.patience import PATIENCE_S

WAIT_S = PATIENCE_S
RESTING = frozenset(ImportState) - {ImportState.READING, ImportState.CHECKING, ImportState.RUNNING}


class Importer:
    """Hands on a runner.

    Args:
        database: Migrated.
        folder: For the uploads.
    """

    def __init__(self, database: SqlDatabase, folder: Path, ctx: ServiceContext | None = None) -> None:
        self.database = database
        self.looked_every_s = 0.01
        self.ctx = ctx or service_context(SystemClock())
        with database.unit_of_work() as unit:
            self.staff: StaffMember = counter(unit, self.ctx).staff
            unit.commit()
        self.writer: Writer[UnitOfWork] = Writer(database.unit_of_work, open_slice=database.unhurried)
        self.runner = ImportRunner(ImportFolder(folder), self.writer, database.reading, self.ctx)

    def start(self) -> "Importer":
        self.writer.start()
        self.runner.start()
        return self

    def stop(self) -> None:
        self.runner.stop()
        self.writer.stop()

    def do(self, work: Callable[[UnitOfWork], object]) -> object:
        result = self.writer.submit(Priority.STAFF, work).result(WAIT_S)
        self.runner.wake()
        return result

    def upload(self, content: bytes, name: str = "clients.csv") -> UUID:
        return self._uploaded(io.BytesIO(content), name)

    def upload_file(self, sheet: Path) -> UUID:
        """The same without the whole of it in memory."""
        with sheet.open("rb") as content:
            return self._uploaded(content, sheet.name)

    def _uploaded(self, content: BinaryIO, name: str) -> UUID:
        import_id = new_id()
        self.runner.folder.keep(import_id, content)
        self.do(lambda unit: start_import(unit, self.ctx, self.staff, name, import_id))
        return import_id

    def at_the_counter(self) -> None:
        """Something that somebody waits for: one look at the lanes, in a transaction."""
        self.writer.submit(Priority.COUNTER, lambda unit: unit.lanes.all()).result(WAIT_S)

    def plan(self, import_id: UUID, timeout_s: float = WAIT_S, **more: object) -> CustomerImport:
        """Map as guessed, and wait for the dry run."""
        record = self.wait(import_id)
        assert record.state in (ImportState.MAPPING, ImportState.CHECKED), record
        assert record.sheet is not None
        with self.database.reading() as unit:
            targets = guess_targets(record.sheet.header, unit.profiles.custom_fields())
        plan = ImportPlan(targets, **more)  # type: ignore[arg-type]
        planned = self.do(lambda unit: plan_import(unit, self.staff, import_id, plan))
        assert isinstance(planned, CustomerImport), planned
        return self.wait(import_id, timeout_s=timeout_s)

    def begin(self, import_id: UUID) -> None:
        self.do(lambda unit: begin_import(unit, self.ctx, self.staff, import_id))

    def whole(self, content: bytes, **more: object) -> CustomerImport:
        """An import from upload to summary."""
        import_id = self.upload(content)
        checked = self.plan(import_id, **more)
        assert checked.state is ImportState.CHECKED, checked
        self.begin(import_id)
        return self.wait(import_id)

    def record(self, import_id: UUID) -> CustomerImport:
        with self.database.reading() as unit:
            record = unit.imports.get(import_id)
        assert record is not None
        return record

    def wait(
        self,
        import_id: UUID,
        until: Callable[[CustomerImport], bool] = lambda each: each.state in RESTING,
        timeout_s: float = WAIT_S,
    ) -> CustomerImport:
        """The import once it is so."""
        pause, deadline = threading.Event(), time.monotonic() + timeout_s
        while not until(record := self.record(import_id)):
            assert time.monotonic() < deadline, record
            pause.wait(self.looked_every_s)
        return record

    def customers(self) -> int:
        with self.database.reading() as unit:
            return len(list(unit.accounts.ids()))


@contextmanager
def running(database: SqlDatabase, folder: Path) -> Iterator[Importer]:
    importer = Importer(database, folder).start()
    try:
        yield importer
    finally:
        importer.stop()


def main(url: str, folder: str, import_id: str) -> None:
    """Goes on with an import until it ends, or until somebody kills the process."""
    migrate(url)
    database = SqlDatabase.open(url)
    with running(database, Path(folder)) as importer:
        importer.wait(UUID(import_id))


if __name__ == "__main__":
    main(*sys.argv[1:])
