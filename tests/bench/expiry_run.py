"""Ends 1 000 000 lots in slices of one durable transaction each, and the longest that a slice holds the writer.

Baseline: the rows of the same entries inserted by the driver alone, in transactions of the same size.
"""

import json
import sqlite3
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from codes import CardSigner, CardVerifier
from loyalty.adapters.message_texts.template_wording import TemplateWording
from loyalty.adapters.sql.database import SqlDatabase
from loyalty.adapters.sql.migrate import migrate
from loyalty.services.context import ServiceContext
from loyalty.services.demo_shop import fill_demo_shop
from loyalty.services.expire_points import SLICE, expire_points
from loyalty.services.ledger_check import verify_ledger
from runtime.clock import SystemClock
from tests.bench.figures import percentile_ms

_LOTS = 1_000_000
_LOTS_PER_ACCOUNT = 5
_BARE = 100_000
_EARNED = datetime(2025, 1, 1, tzinfo=UTC)
_EXPIRED = _EARNED + timedelta(days=30)


def run(folder: Path, lots: int = _LOTS) -> dict[str, Any]:
    """Measure; the figures of the line that is printed."""
    path = folder / "station.db"
    url = f"sqlite:///{path}"
    migrate(url)
    database = SqlDatabase.open(url)
    signer = CardSigner(bytes(range(32)))
    ctx = ServiceContext(
        SystemClock(), CardVerifier([signer.public_key]), TemplateWording(), "https://lumen.example", signer
    )
    with database.unit_of_work() as uow:
        fill_demo_shop(uow, ctx)
        uow.commit()
    _fill(path, lots)
    slices: list[float] = []
    ended = 0
    began = time.perf_counter()
    while True:
        start = time.perf_counter()
        done = expire_points(database.unit_of_work, ctx)
        if done.lots == 0:
            break
        slices.append(time.perf_counter() - start)
        ended += done.lots
    took_s = time.perf_counter() - began
    began = time.perf_counter()
    with database.reading() as uow:
        report = verify_ledger(uow)
    verify_s = time.perf_counter() - began
    database.close()
    bare_s = _bare(folder / "baseline.db", min(lots, _BARE))
    per_lot_s = took_s / ended
    return {
        "lots": ended,
        "database": f"sqlite {sqlite3.sqlite_version}",
        "slice": SLICE,
        "seconds": round(took_s, 1),
        "lots_per_s": round(ended / took_s),
        "slice_p50_ms": percentile_ms(slices, 50),
        "slice_p99_ms": percentile_ms(slices, 99),
        "bare_rows_per_s": round(min(lots, _BARE) / bare_s),
        "ratio": round(per_lot_s / (bare_s / min(lots, _BARE)), 2),
        "verify_seconds": round(verify_s, 1),
        "verified": {"accounts": report.accounts, "entries": report.entries, "faults": len(report.faults)},
    }


def _fill(path: Path, lots: int) -> None:
    """Members with lots whose time is over, written by the driver."""
    accounts = lots // _LOTS_PER_ACCOUNT
    why = json.dumps([])
    at, until = _text(_EARNED), _text(_EXPIRED)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("BEGIN")
    for number in range(accounts):
        account = UUID(int=(1 << 100) + number).hex
        connection.execute(
            "INSERT INTO customers (id, source, created_at, version) VALUES (?, 'import', ?, 1)",
            (account, at),
        )
        connection.execute(
            "INSERT INTO loyalty_accounts (id, customer_id, phone_number, balance, enrolled_at, sequence)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (account, account, f"+336{number:08d}", 10 * _LOTS_PER_ACCOUNT, at, _LOTS_PER_ACCOUNT),
        )
        entries = [
            (UUID(int=(2 << 100) + number * _LOTS_PER_ACCOUNT + each).hex, account, f"earn:{each}", each)
            for each in range(_LOTS_PER_ACCOUNT)
        ]
        connection.executemany(
            "INSERT INTO ledger_entries (id, account_id, kind, points, booked_at, source, idempotency_key,"
            " earned_at, expires_at, why) VALUES (?, ?, 'earn', 10, ?, 'bench', ?, ?, ?, ?)",
            [(entry, owner, at, key, at, until, why) for entry, owner, key, _ in entries],
        )
        connection.executemany(
            "INSERT INTO lots (entry_id, account_id, points, remaining, earned_at, expires_at)"
            " VALUES (?, ?, 10, 10, ?, ?)",
            [(entry, owner, at, until) for entry, owner, _, _ in entries],
        )
    connection.execute("COMMIT")
    connection.execute("ANALYZE")
    connection.close()


def _bare(path: Path, rows: int) -> float:
    """Seconds for as many rows of entries with their lot uses, nothing checked, in durable slices."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(
        "CREATE TABLE entries (id TEXT PRIMARY KEY, account TEXT, points INT, at TEXT, why TEXT)"
    )
    connection.execute("CREATE TABLE uses (entry TEXT, lot TEXT, points INT, PRIMARY KEY (entry, lot))")
    connection.execute("CREATE TABLE remainders (id TEXT PRIMARY KEY, remaining INT)")
    connection.execute("CREATE TABLE balances (id TEXT PRIMARY KEY, balance INT)")
    ids = [UUID(int=(3 << 100) + number).hex for number in range(rows)]
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO remainders VALUES (?, 10)", [(each,) for each in ids])
    connection.executemany("INSERT INTO balances VALUES (?, 10)", [(each,) for each in ids])
    connection.execute("COMMIT")
    at = _text(_EXPIRED)
    why = json.dumps([{"code": "points_expired", "params": {"points": 10}}])
    start = time.perf_counter()
    for begin in range(0, rows, SLICE):
        chunk = ids[begin : begin + SLICE]
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "INSERT INTO entries VALUES (?, ?, -10, ?, ?)", [(each, each, at, why) for each in chunk]
        )
        connection.executemany("INSERT INTO uses VALUES (?, ?, 10)", [(each, each) for each in chunk])
        connection.executemany(
            "UPDATE remainders SET remaining = 0 WHERE id = ?", [(each,) for each in chunk]
        )
        connection.executemany(
            "UPDATE balances SET balance = balance - 10 WHERE id = ?", [(each,) for each in chunk]
        )
        connection.execute("COMMIT")
    took = time.perf_counter() - start
    connection.close()
    return took


def _text(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(" ", "microseconds")
