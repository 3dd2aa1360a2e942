"""Imports run in the background: from upload to summary, twice, interrupted, killed, and without room."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from sqlalchemy import event

from checkout.imports.folder import ImportFolder
from loyalty.adapters.sql.database import SqlDatabase
from loyalty.adapters.sql.migrate import migrate
from loyalty.domain.importing.record import Counts, ImportState, PauseReason
from loyalty.services.import_steps import drop_import, pause_import, resume_import
from runtime.ids import new_id
from tests.fakes.clock import FakeClock
from tests.fakes.shop import service_context
from tests.integration.checkout.imports import importer as importer_module
from tests.integration.checkout.imports.importer import Importer, running
from tests.patience import PATIENCE_S

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'shop.db'}"


@pytest.fixture
def database(url: str) -> Iterator[SqlDatabase]:
    migrate(url)
    database = SqlDatabase.open(url)
    yield database
    database.close()


@pytest.fixture
def importer(database: SqlDatabase, tmp_path: Path) -> Iterator[Importer]:
    with running(database, tmp_path / "imports") as found:
        yield found


def sheet(rows: int, start: int = 0) -> bytes:
    lines = ["Référence;Prénom;Nom;Téléphone;E-mail;Solde de points;Adresse;Ville"]
    lines += [
        f"{number:06};Prénom{number};Nom{number};06{14_000_000 + number:08};n{number}@exemple.fr;{number % 50};{number} rue A;Lyon"
        for number in range(start, start + rows)
    ]
    return "\r\n".join(lines).encode("cp1252")


def people(path: Path) -> list[tuple[Any, ...]]:
    """All that the imports left, without what is random."""
    with sqlite3.connect(path) as raw:
        found = raw.execute(
            "SELECT c.reference_id, c.given_name, c.phone_number, c.email_address, c.version, a.balance, "
            "(SELECT count(*) FROM customer_addresses d WHERE d.customer_id = c.id), "
            "(SELECT count(*) FROM ledger_entries e WHERE e.account_id = a.id) "
            "FROM customers c LEFT JOIN loyalty_accounts a ON a.customer_id = c.id "
            "WHERE c.source = 'import' ORDER BY c.reference_id"
        ).fetchall()
    raw.close()
    return found


def test_a_sheet_is_imported_and_the_same_sheet_again_changes_nothing(
    importer: Importer, tmp_path: Path
) -> None:
    # rows 31, 34, 36, part of 180
    content = sheet(300)
    done = importer.whole(content)
    assert done.counts == Counts(done=300, imported=300)
    assert done.started_at is not None
    before = people(tmp_path / "shop.db")
    assert len(before) == 300
    assert before[7][:3] == ("000007", "Prénom7", "+33614000007")
    again = importer.whole(content)
    assert again.counts == Counts(done=300, matched=300, points_left=294)
    assert people(tmp_path / "shop.db") == before


def test_a_workbook_is_imported_with_its_leading_zeros(importer: Importer, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Reference", "Name", "Phone"])
    book.active.append(["00042", "Ada Martin", 612345678])
    book.active["C2"].number_format = "0000000000"
    book.save(tmp_path / "a.xlsx")
    done = importer.whole((tmp_path / "a.xlsx").read_bytes())
    assert done.counts.imported == 1
    assert people(tmp_path / "shop.db")[0][:3] == ("00042", "Ada", "+33612345678")


def test_the_dry_run_tells_what_will_be_and_stores_nobody(importer: Importer, tmp_path: Path) -> None:
    # part of row 180
    content = sheet(50) + b"\r\n000001;Other;Person;0699999999;;;;\r\n;Bad;Phone;12;;;;\r\n"
    import_id = importer.upload(content)
    checked = importer.plan(import_id)
    assert checked.state is ImportState.CHECKED
    assert checked.counts == Counts(done=52, imported=50, failed=2)
    assert people(tmp_path / "shop.db") == []
    importer.begin(import_id)
    assert importer.wait(import_id).counts == checked.counts
    with importer.database.reading() as unit:
        assert [row.line for row in unit.imports.failures(import_id, 0, 10)] == [52, 53]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "empty"),
        (b"name,phone\n", "no_rows"),
        (b'name,phone\nAda,"06\n', "quotes"),
        (b"PK\x03\x04 not really", "damaged"),
        (b"%PDF-1.4", "not_a_sheet"),
    ],
)
def test_a_file_that_is_no_sheet_says_why(importer: Importer, content: bytes, fault: str) -> None:
    record = importer.wait(importer.upload(content))
    assert (record.state, record.fault["fault"]) == (ImportState.UNREADABLE, fault)


def test_two_imports_at_once_do_not_disturb_each_other(importer: Importer, tmp_path: Path) -> None:
    first, second = importer.upload(sheet(400)), importer.upload(sheet(400, start=200))
    importer.plan(first)
    importer.plan(second)
    importer.begin(first)
    importer.begin(second)
    counts = [importer.wait(each).counts for each in (first, second)]
    assert sum(each.imported for each in counts) == 600
    assert sum(each.matched for each in counts) == 200
    assert sum(each.failed for each in counts) == 0
    assert len(people(tmp_path / "shop.db")) == 600


def test_an_import_pauses_resumes_and_is_given_up(importer: Importer, tmp_path: Path) -> None:
    import_id = importer.upload(sheet(3000))
    importer.plan(import_id)
    importer.begin(import_id)
    importer.wait(import_id, lambda each: each.counts.done > 0)
    importer.do(lambda unit: pause_import(unit, import_id, PauseReason.STAFF))
    paused = importer.record(import_id)
    assert paused.state is ImportState.PAUSED
    assert 0 < paused.counts.done < 3000
    assert len(people(tmp_path / "shop.db")) == paused.counts.done
    importer.do(lambda unit: resume_import(unit, importer.staff, import_id))
    importer.wait(import_id, lambda each: each.counts.done > paused.counts.done)
    importer.do(lambda unit: drop_import(unit, importer.ctx, importer.staff, import_id))
    dropped = importer.record(import_id)
    assert dropped.state is ImportState.DROPPED
    assert len(people(tmp_path / "shop.db")) == dropped.counts.done


def test_a_killed_station_goes_on_where_it_was(database: SqlDatabase, url: str, tmp_path: Path) -> None:
    # part of row 36: SIGKILL in the midst of it loses and doubles nothing
    with running(database, tmp_path / "imports") as importer:
        import_id = importer.upload(sheet(4000))
        importer.plan(import_id)
        importer.runner.stop()
        importer.begin(import_id)
    for _ in range(3):
        child = subprocess.Popen(
            [sys.executable, "-m", importer_module.__name__, url, str(tmp_path / "imports"), str(import_id)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        with child:
            before = _done(tmp_path, import_id.hex)
            deadline = time.monotonic() + PATIENCE_S
            while _done(tmp_path, import_id.hex) < min(before + 200, 4000) and child.poll() is None:
                assert time.monotonic() < deadline
                threading.Event().wait(0.005)
            child.send_signal(signal.SIGKILL)
    with running(database, tmp_path / "imports") as importer:
        done = importer.wait(import_id)
    assert done.state is ImportState.FINISHED
    assert done.counts == Counts(done=4000, imported=4000)
    found = people(tmp_path / "shop.db")
    assert [row[0] for row in found] == [f"{number:06}" for number in range(4000)]
    assert all(row[4] == 1 and row[6] == 1 and row[5] == int(row[0]) % 50 for row in found)
    with database.reading() as unit:
        assert not unit.ledger.compare().faults


def test_a_full_disk_holds_an_import_up_and_loses_nothing(
    database: SqlDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checkout.imports.runner._TRIED_AGAIN_AFTER_S", 0.2)
    monkeypatch.setattr("checkout.imports.runner._LOOKED_EVERY_S", 0.1)
    pages = [0]

    @event.listens_for(database._engine, "begin")
    def _limit(connection: Any) -> None:
        if pages[0]:
            connection.connection.driver_connection.execute(f"PRAGMA max_page_count={pages[0]}")

    with running(database, tmp_path / "imports") as importer:
        import_id = importer.upload(sheet(2000))
        importer.plan(import_id)
        with sqlite3.connect(tmp_path / "shop.db") as raw:
            pages[0] = raw.execute("PRAGMA page_count").fetchone()[0] + 40
        raw.close()
        importer.begin(import_id)
        deadline = time.monotonic() + PATIENCE_S
        while not importer.runner.is_troubled(import_id):
            assert time.monotonic() < deadline
            threading.Event().wait(0.01)
        assert importer.record(import_id).state is ImportState.RUNNING
        done_rows, stored_rows = _done_and_stored(tmp_path, import_id.hex)
        assert done_rows == stored_rows < 2000
        pages[0] = 1_000_000
        done = importer.wait(import_id)
    assert done.counts == Counts(done=2000, imported=2000)
    assert len(people(tmp_path / "shop.db")) == 2000


def test_no_room_for_an_upload_leaves_nothing_behind(tmp_path: Path) -> None:
    class Endless:
        def read(self, _size: int) -> bytes:
            raise OSError(28, "No space left on device")

    folder = ImportFolder(tmp_path / "imports")
    with pytest.raises(OSError, match="No space"):
        folder.keep(new_id(), Endless())  # type: ignore[arg-type]
    assert list((tmp_path / "imports").iterdir()) == []


def test_files_that_are_gone_stop_an_import_with_a_reason(importer: Importer) -> None:
    import_id = importer.upload(sheet(10))
    importer.plan(import_id)
    importer.runner.folder.forget(import_id)
    importer.begin(import_id)
    paused = importer.wait(import_id)
    assert (paused.state, paused.fault) == (ImportState.PAUSED, {"pause": "file"})


def test_after_thirty_days_nothing_says_who_was_in_a_sheet(database: SqlDatabase, tmp_path: Path) -> None:
    # part of row 176
    clock = FakeClock()
    importer = Importer(database, tmp_path / "imports", service_context(clock)).start()
    try:
        done = importer.whole(sheet(10) + b"\r\n000999;Ada;Test;pas-un-numero;;;;")
        waiting = importer.plan(importer.upload(sheet(10)))
        new = importer.upload(sheet(3))
        importer.wait(new)
        for import_id in (done.id, waiting.id):
            old = time.time() - 7200
            os.utime(importer.runner.folder.of(import_id), (old, old))
        clock.advance(31 * 24 * 3600)
        importer.runner._tidied_s = None
        importer.runner.wake()
        after = importer.wait(waiting.id, lambda each: each.state is ImportState.DROPPED)
        ended = importer.wait(done.id, lambda each: each.sheet is not None and not each.sheet.sample)
        assert ended.counts == done.counts, "the figures stay"
        assert after.sheet is not None
        assert after.sheet.sample == ()
        with database.reading() as unit:
            assert unit.imports.failures(done.id, 0, 10) == []
        left, deadline = {done.id, waiting.id, new}, time.monotonic() + PATIENCE_S
        while left != {new} and time.monotonic() < deadline:
            threading.Event().wait(0.05)
            left = {UUID(path.name) for path in (tmp_path / "imports").iterdir()}
        assert left == {new}, "the files of both go, one after the other"
    finally:
        importer.stop()


def test_what_was_being_read_when_the_station_stopped_is_read_again(
    database: SqlDatabase, tmp_path: Path
) -> None:
    importer = Importer(database, tmp_path / "imports")
    importer.writer.start()
    import_id = importer.upload(sheet(10))
    importer.writer.stop()
    with running(database, tmp_path / "imports") as again:
        assert again.wait(import_id).state is ImportState.MAPPING


def _done(folder: Path, import_id: str) -> int:
    with sqlite3.connect(folder / "shop.db") as raw:
        found = raw.execute("SELECT done FROM customer_imports WHERE id = ?", (import_id,)).fetchone()
    raw.close()
    return int(found[0])


def _done_and_stored(folder: Path, import_id: str) -> tuple[int, int]:
    """In one look: a smaller slice may find room between two."""
    with sqlite3.connect(folder / "shop.db") as raw:
        found = raw.execute(
            "SELECT done, (SELECT count(*) FROM customers WHERE source = 'import') "
            "FROM customer_imports WHERE id = ?",
            (import_id,),
        ).fetchone()
    raw.close()
    return int(found[0]), int(found[1])
