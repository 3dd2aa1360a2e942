"""The same as ``scan_to_result``, while the station imports 100 000 customers."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from checkout.assembly import service_context
from checkout.imports.folder import ImportFolder
from loyalty.adapters.sql.database import SqlDatabase
from loyalty.domain.importing.headers import guess_targets
from loyalty.domain.importing.plan import ImportPlan
from loyalty.domain.importing.record import CustomerImport, ImportState
from loyalty.services.import_steps import begin_import, plan_import, start_import
from runtime.clock import SystemClock
from runtime.ids import new_id
from tests.bench import scan_to_result
from tests.bench.crowd import wanted_databases
from tests.bench.figures import wait_until
from tests.bench.people_sheet import write_sheet
from tests.bench.store import Store
from tests.fakes.postgresql import postgresql_binaries, running_cluster

_ROWS = 100_000
_STEP_S = 900.0
_BUDGET_P99_MS = 100


def run(folder: Path, rows: int = _ROWS) -> list[dict[str, Any]]:
    """A line for each database."""
    lines = []
    if "sqlite" in wanted_databases():
        (folder / "sqlite").mkdir()
        lines.append(_measured(folder / "sqlite", rows, ""))
    binaries = postgresql_binaries()
    if binaries is not None and "postgresql" in wanted_databases():
        (folder / "postgresql").mkdir()
        with running_cluster(binaries) as cluster:
            lines.append(_measured(folder / "postgresql", rows, cluster.new_database()))
    return lines


def _measured(folder: Path, rows: int, database_url: str) -> dict[str, Any]:
    done: list[CustomerImport] = []
    figures = scan_to_result.run(
        folder,
        lambda store: _importing(store, rows, done),
        database_url=database_url,
        budget_p99_ms=_BUDGET_P99_MS,
    )
    at_start, at_end = done
    return {
        **figures,
        "import_rows": rows,
        "rows_at_start": at_start.counts.done,
        "rows_at_end": at_end.counts.done,
        "is_import_over": at_end.state is ImportState.FINISHED,
    }


@contextmanager
def _importing(store: Store, rows: int, done: list[CustomerImport]) -> Iterator[None]:
    """An import that runs in the station; what it had done at both ends."""
    settings = store.settings
    ctx = service_context(settings, SystemClock())
    database = SqlDatabase.open(settings.database_url)
    sheet = store.folder / "clients.csv"
    write_sheet(sheet, rows)
    import_id = new_id()
    with sheet.open("rb") as upload:
        ImportFolder(settings.uploads_folder).keep(import_id, upload)

    def record() -> CustomerImport:
        with database.reading() as uow:
            found = uow.imports.get(import_id)
        if found is None:
            raise RuntimeError("the import is gone")
        return found

    try:
        with database.unit_of_work() as uow:
            member = uow.staff.by_login("demo")
            if member is None:
                raise RuntimeError("the demo has no owner")
            staff = member[0]
            start_import(uow, ctx, staff, "clients.csv", import_id)
            uow.commit()
        wait_until(lambda: record().state is ImportState.MAPPING, "reading the sheet", _STEP_S)
        sheet_read = record().sheet
        if sheet_read is None:
            raise RuntimeError("the sheet was not read")
        with database.unit_of_work() as uow:
            plan_import(uow, staff, import_id, ImportPlan(guess_targets(sheet_read.header)))
            uow.commit()
        wait_until(lambda: record().state is ImportState.CHECKED, "the dry run", _STEP_S)
        with database.unit_of_work() as uow:
            begin_import(uow, ctx, staff, import_id)
            uow.commit()
        wait_until(lambda: record().counts.done > 0, "the import's first rows", _STEP_S)
        done.append(record())
        yield
        done.append(record())
    finally:
        database.close()
