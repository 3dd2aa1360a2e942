"""100 000 customers of a CSV file: read, checked, and stored in slices beside the counter's work.

Baseline: the very rows that the import left in every table, through the driver's bare ``executemany`` in one
transaction into a database with the same indexes, constraints and triggers.
"""

import resource
import shutil
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any
from uuid import UUID

from loyalty.adapters.sql.database import SqlDatabase
from loyalty.adapters.sql.migrate import migrate
from loyalty.domain.importing.record import ImportState
from tests.bench.figures import percentile_ms
from tests.bench.people_sheet import write_sheet
from tests.integration.checkout.imports.importer import Importer

_ROWS = 100_000
_TABLES = (
    "customers",
    "customer_addresses",
    "customer_birthdays",
    "loyalty_accounts",
    "membership_cards",
    "ledger_entries",
    "lots",
    "customer_search",
)
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-16000")


def run(folder: Path, rows: int = _ROWS) -> dict[str, Any]:
    """Measure; the figures of the line that is printed."""
    path, sheet = folder / "station.db", folder / "clients.csv"
    url = f"sqlite:///{path}"
    migrate(url)
    write_sheet(sheet, rows)
    database = SqlDatabase.open(url)
    importer = Importer(database, folder / "imports")
    empty = folder / "baseline.db"
    database.close()
    shutil.copyfile(path, empty)
    importer.looked_every_s = 0.25  # who looks takes the interpreter from who works
    importer.start()
    waits = _Waits(importer)
    try:
        import_id, read_s, check_s = _prepared(importer, sheet)
        waits.start()
        began = time.perf_counter()
        importer.begin(import_id)
        done = importer.wait(import_id, lambda each: each.state is ImportState.FINISHED, 900)
        import_s = time.perf_counter() - began
        longest_ms = importer.writer.figures().longest_work_ms
    finally:
        waits.stop()
        importer.stop()
        database.close()
    baseline_s = _bare(path, empty)
    return {
        "n": done.counts.imported,
        "failed": done.counts.failed,
        "database": f"sqlite {sqlite3.sqlite_version}",
        "read_s": round(read_s, 2),
        "check_s": round(check_s, 2),
        "import_s": round(import_s, 2),
        "rows_per_s": round(rows / import_s),
        "baseline_s": round(baseline_s, 2),
        "ratio": round(import_s / baseline_s, 2),
        "ratio_with_reading": round((read_s + import_s) / baseline_s, 2),
        "longest_slice_ms": longest_ms,
        "wait_p99_ms": percentile_ms(waits.samples_s, 99),
        "station_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "reading_process_mib": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
    }


def _prepared(importer: Importer, sheet: Path) -> tuple[UUID, float, float]:
    """The import, checked; seconds of reading and of the dry run."""
    began = time.perf_counter()
    import_id = importer.upload(sheet.read_bytes())
    importer.wait(import_id, timeout_s=300)
    read_s = time.perf_counter() - began
    began = time.perf_counter()
    checked = importer.plan(import_id, timeout_s=600)
    if checked.state is not ImportState.CHECKED:
        raise RuntimeError(f"the sheet was not checked: {checked.state} {checked.fault}")
    return import_id, read_s, time.perf_counter() - began


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


def _bare(filled: Path, empty: Path) -> float:
    """Seconds for the same rows in one transaction."""
    rows = _rows_of(filled, empty)
    connection = sqlite3.connect(empty, isolation_level=None)
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    began = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    for statement, values in rows:
        connection.executemany(statement, values)
    connection.execute("COMMIT")
    took_s = time.perf_counter() - began
    connection.close()
    return took_s


def _rows_of(filled: Path, empty: Path) -> list[tuple[str, list[tuple[Any, ...]]]]:
    """What the import added to each table, with the statement that inserts it."""
    connection = sqlite3.connect(filled)
    connection.execute("ATTACH ? AS before", (str(empty),))
    found = []
    for table in _TABLES:
        columns = [row[1] for row in connection.execute(f"PRAGMA main.table_info({table})")]
        key = columns[0]
        values = connection.execute(
            f"SELECT * FROM main.{table} WHERE {key} NOT IN (SELECT {key} FROM before.{table}) ORDER BY rowid"
        ).fetchall()
        marks = ", ".join("?" * len(columns))
        found.append((f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", values))
    connection.close()
    return found
