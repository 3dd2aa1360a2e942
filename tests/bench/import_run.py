"""100 000 customers of a CSV file: read, checked, and stored in slices beside the counter's work.

Baseline: the very rows that the import left in every table, through the driver's bare ``executemany`` in one
transaction into a database with the same indexes, constraints and triggers. Longer on PostgreSQL for the way to its
server and back; ``cpu_s`` is what the station worked.
"""

import threading
import time
from pathlib import Path
from typing import Any
from uuid import UUID

from loyalty.adapters.sql.database import SqlDatabase
from loyalty.adapters.sql.migrate import migrate
from loyalty.domain.importing.record import ImportState
from tests.bench.bare_rows import OnPostgresql, OnSqlite
from tests.bench.crowd import wanted_databases
from tests.bench.figures import percentile_ms
from tests.bench.people_sheet import write_sheet
from tests.fakes.postgresql import postgresql_binaries, running_cluster
from tests.integration.checkout.imports.importer import Importer

_ROWS = 100_000


def run(folder: Path, rows: int = _ROWS) -> list[dict[str, Any]]:
    """A line for each database."""
    lines = []
    if "sqlite" in wanted_databases():
        lines.append(_measured(folder / "sqlite", rows, OnSqlite(folder / "sqlite")))
    binaries = postgresql_binaries()
    if binaries is not None and "postgresql" in wanted_databases():
        with running_cluster(binaries) as cluster:
            lines.append(_measured(folder / "postgresql", rows, OnPostgresql(cluster)))
    return lines


def _measured(folder: Path, rows: int, place: OnSqlite | OnPostgresql) -> dict[str, Any]:
    folder.mkdir(exist_ok=True)
    sheet = folder / "clients.csv"
    migrate(place.url)
    write_sheet(sheet, rows)
    Importer(SqlDatabase.open(place.url), folder / "imports").database.close()
    place.keep_empty()
    database = SqlDatabase.open(place.url)
    importer = Importer(database, folder / "imports")
    importer.looked_every_s = 0.25  # who looks takes the interpreter from who works
    _forget_peak()
    importer.start()
    waits = _Waits(importer)
    try:
        import_id, read_s, check_s = _prepared(importer, sheet)
        waits.start()
        began, began_cpu = time.perf_counter(), time.process_time()
        importer.begin(import_id)
        done = importer.wait(import_id, lambda each: each.state is ImportState.FINISHED, 900)
        import_s, cpu_s = time.perf_counter() - began, time.process_time() - began_cpu
        longest_ms = importer.writer.figures().longest_work_ms
        described = database.describe()
    finally:
        waits.stop()
        importer.stop()
        database.close()
    memory_mib = _peak_mib()
    baseline_s, baseline_cpu_s = place.bare_s()
    return {
        "n": done.counts.imported,
        "failed": done.counts.failed,
        "database": described,
        "read_s": round(read_s, 2),
        "check_s": round(check_s, 2),
        "import_s": round(import_s, 2),
        "cpu_s": round(cpu_s, 2),
        "rows_per_s": round(rows / import_s),
        "baseline_s": round(baseline_s, 2),
        "baseline_cpu_s": round(baseline_cpu_s, 2),
        "ratio": round(import_s / baseline_s, 2),
        "ratio_cpu": round(cpu_s / baseline_cpu_s, 2),
        "ratio_with_reading": round((read_s + import_s) / baseline_s, 2),
        "longest_slice_ms": longest_ms,
        "wait_p99_ms": percentile_ms(waits.samples_s, 99),
        "station_mib": memory_mib,
    }


def _prepared(importer: Importer, sheet: Path) -> tuple[UUID, float, float]:
    """The import, checked; seconds of reading and of the dry run."""
    began = time.perf_counter()
    import_id = importer.upload_file(sheet)
    importer.wait(import_id, timeout_s=300)
    read_s = time.perf_counter() - began
    began = time.perf_counter()
    checked = importer.plan(import_id, timeout_s=600)
    if checked.state is not ImportState.CHECKED:
        raise RuntimeError(f"the sheet was not checked: {checked.state} {checked.fault}")
    return import_id, read_s, time.perf_counter() - began


def _forget_peak() -> None:
    """The sheet was drawn in this process, which is not what a station does."""
    Path("/proc/self/clear_refs").write_text("5")


def _peak_mib() -> int:
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status["VmHWM"].split()[0]) // 1024


class _Waits:
    """How long the counter's work waits for the writer meanwhile."""

    def __init__(self, importer: Importer) -> None:
        self.samples_s: list[float] = []
        self._importer = importer
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(10)

    def _run(self) -> None:
        while not self._stopping.wait(0.05):
            began = time.perf_counter()
            self._importer.at_the_counter()
            self.samples_s.append(time.perf_counter() - began)
