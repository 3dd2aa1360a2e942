"""Sales completed a second: five lines, a member, points and a receipt, durable, one station on SQLite.

Baseline: the same rows written by bare SQL with the driver alone, one durable transaction a sale. Both run on
the same kind of file with the same settings, a batch of each in turn, so that both see the same disk.
"""

import sqlite3
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from codes import CardSigner, CardVerifier
from loyalty.adapters.message_texts.template_wording import TemplateWording
from loyalty.adapters.sql.database import SqlDatabase
from loyalty.adapters.sql.migrate import migrate
from loyalty.domain.customer import Customer, CustomerSource
from loyalty.domain.ledger import LoyaltyAccount
from loyalty.domain.phone import PhoneNumber
from loyalty.domain.sale import Sale
from loyalty.domain.staff import StaffMember
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.basket import add_item, hold_sale, open_sale, resume_sale
from loyalty.services.complete import Completed, Payment, complete_sale
from loyalty.services.context import ServiceContext
from loyalty.services.demo_shop import DemoShop, fill_demo_shop
from loyalty.services.staff_at_sale import attach_by_staff
from runtime.clock import SystemClock
from runtime.ids import new_id

_SALES = 300
_WARM_UP = 20
_BATCH = 20
_MEMBERS = 60
_TABLES = ("sales", "sale_lines", "ledger_entries", "lots", "lot_uses", "member_messages", "status_links")
_ACCOUNT = "UPDATE loyalty_accounts SET balance = balance + 1, sequence = sequence + 1 WHERE id = ?"


def run(folder: Path) -> dict[str, Any]:
    """Measure; the figures of the line that is printed."""
    url = f"sqlite:///{folder / 'station.db'}"
    migrate(url)
    database = SqlDatabase.open(url)
    signer = CardSigner(bytes(range(32)))
    verifier = CardVerifier([signer.public_key])
    ctx = ServiceContext(SystemClock(), verifier, TemplateWording(), "https://lumen.example", signer)
    with database.unit_of_work() as uow:
        shop = fill_demo_shop(uow, ctx)
        members = [_member(uow, number) for number in range(_MEMBERS)]
        uow.commit()
    try:
        _complete_all(database, ctx, shop, _prepared(database, ctx, shop, members[:_WARM_UP], "warm"))
        before = _rows(folder / "station.db")
        baskets = _prepared(
            database, ctx, shop, [members[each % _MEMBERS] for each in range(_SALES)], "bench"
        )
        with_baskets = _rows(folder / "station.db")
        baseline = _Baseline(folder / "station.db", folder / "baseline.db", before)
        ours: list[float] = []
        bare: list[float] = []
        for start in range(0, _SALES, _BATCH):
            batch = baskets[start : start + _BATCH]
            ours.append(_timed(lambda batch=batch: _complete_all(database, ctx, shop, batch)))
            bare.append(_timed(lambda: baseline.write(_BATCH)))
        after = _rows(folder / "station.db")
    finally:
        database.close()
    baseline.close()
    ours_s, bare_s = statistics.median(ours) / _BATCH, statistics.median(bare) / _BATCH
    return {
        "n": _SALES,
        "database": f"sqlite {sqlite3.sqlite_version}",
        "durability": "WAL, synchronous=FULL",
        "lines": 5,
        "sales_per_s": round(1 / ours_s, 1),
        "bare_sql_per_s": round(1 / bare_s, 1),
        "ratio": round(ours_s / bare_s, 2),
        "rows_per_sale": round((sum(after.values()) - sum(with_baskets.values())) / _SALES, 2),
    }


def _member(uow: UnitOfWork, number: int) -> UUID:
    phone = PhoneNumber(f"+3361300{number:04d}")
    customer = Customer(new_id(), CustomerSource.IMPORT, datetime.now(UTC), phone_number=phone)
    uow.customers.add(customer)
    uow.accounts.add(LoyaltyAccount(new_id(), customer.id, phone, 0, customer.created_at))
    return customer.id


def _prepared(
    database: SqlDatabase, ctx: ServiceContext, shop: DemoShop, members: Sequence[UUID], name: str
) -> list[tuple[Sale, str]]:
    """Held sales with five lines and a member, ready to be paid."""
    ready = []
    for number, customer_id in enumerate(members):
        with database.unit_of_work() as uow:
            sale = open_sale(uow, ctx, shop.lane.id, shop.staff)
            assert isinstance(sale, Sale)
            for item in list(uow.catalogue.items())[:5]:
                added = add_item(uow, sale.id, item.id)
                assert isinstance(added, Sale)
            attach_by_staff(uow, ctx, sale.id, customer_id, shop.staff, is_checked=True)
            held = hold_sale(uow, sale.id, shop.staff)
            assert isinstance(held, Sale)
            uow.commit()
        ready.append((held, f"{name}-{number}"))
    return ready


def _complete_all(
    database: SqlDatabase, ctx: ServiceContext, shop: DemoShop, baskets: Sequence[tuple[Sale, str]]
) -> None:
    for sale, key in baskets:
        _complete(database, ctx, shop.staff, sale, key)


def _complete(database: SqlDatabase, ctx: ServiceContext, staff: StaffMember, sale: Sale, key: str) -> None:
    """One request of the till: take the sale up again and pay it, in one durable transaction."""
    with database.unit_of_work() as uow:
        resume_sale(uow, sale.id, sale.lane_id, staff)
        done = complete_sale(uow, ctx, sale.id, Payment(key, 100_000), staff)
        if not isinstance(done, Completed):
            raise TypeError(f"the sale was refused: {done}")
        uow.commit()


class _Baseline:
    """Copies of the rows that completions made, written by the driver."""

    def __init__(self, source: Path, target: Path, before: dict[str, int]) -> None:
        with sqlite3.connect(source) as old, sqlite3.connect(target) as new:
            old.backup(new)
        self._connection = sqlite3.connect(target, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=OFF"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._written = 0
        self._account = self._connection.execute("SELECT id FROM loyalty_accounts LIMIT 1").fetchone()
        self._samples = {table: self._sample(table) for table in _TABLES}
        for index in ("uq_sales_open_in_lane",):
            self._connection.execute(f"DROP INDEX IF EXISTS {index}")
        self._before = before

    def _sample(self, table: str) -> tuple[list[str], tuple[Any, ...]] | None:
        """The newest row of a completed sale, as a pattern for more."""
        order = "closed_at DESC" if table == "sales" else "rowid DESC"
        where = " WHERE state = 'completed'" if table == "sales" else ""
        cursor = self._connection.execute(f"SELECT * FROM {table}{where} ORDER BY {order} LIMIT 1")
        row = cursor.fetchone()
        return ([each[0] for each in cursor.description], row) if row is not None else None

    def write(self, sales: int) -> None:
        for _ in range(sales):
            self._written += 1
            self._connection.execute("BEGIN IMMEDIATE")
            self._one_sale()
            self._connection.execute("COMMIT")

    def _one_sale(self) -> None:
        unique = f"{self._written:032x}"
        for table, times in (("sales", 1), ("sale_lines", 5), ("ledger_entries", 1), ("lots", 1),
                             ("member_messages", 1)):  # fmt: skip
            sample = self._samples[table]
            if sample is None:
                continue
            for number in range(times):
                names, row = sample
                values = [
                    self._fresh(name, value, f"{number:x}{unique[1:]}", self._written)
                    for name, value in zip(names, row, strict=True)
                ]
                holes = ", ".join("?" * len(values))
                quoted = ", ".join(f'"{name}"' for name in names)
                self._connection.execute(f"INSERT INTO {table} ({quoted}) VALUES ({holes})", values)
        self._connection.execute(_ACCOUNT, self._account)
        self._connection.execute("UPDATE counters SET value = value + 1 WHERE name = 'receipt'")

    @staticmethod
    def _fresh(name: str, value: Any, unique: str, number: int) -> Any:
        if name in ("id", "entry_id"):
            return unique
        if name in ("completion_key", "idempotency_key", "event_key"):
            return f"bare-{unique}"
        return 1_000_000 + number if name == "receipt_number" else value

    def close(self) -> None:
        self._connection.close()


def _rows(path: Path) -> dict[str, int]:
    with sqlite3.connect(path) as connection:
        return {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in _TABLES}


def _timed(act: Callable[[], None]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start
