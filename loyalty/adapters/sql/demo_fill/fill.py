"""Fills a database with the demo's shop and a crowd, slice by slice, each whole or not at all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, text

from loyalty.adapters.sql.database import SqlDatabase, make_engine
from loyalty.adapters.sql.demo_fill.crowd import ORDER, Crowd
from loyalty.adapters.sql.demo_fill.people import PEOPLE_AT_ONCE, people
from loyalty.adapters.sql.demo_fill.sale_patterns import SaleCopier, SalePattern, make_patterns
from loyalty.adapters.sql.demo_fill.sink import RowSink
from loyalty.adapters.sql.migrate import migrate
from loyalty.adapters.sql.unit_of_work import SqlUnitOfWork
from loyalty.domain.group import Group, GroupDiscount
from loyalty.domain.presets import Preset, preset_filters
from loyalty.domain.shop import Lane
from loyalty.errors import ForeignDataError
from loyalty.services.context import ServiceContext
from loyalty.services.demo_shop import DemoShop, fill_demo_shop
from runtime.ids import new_id

_NEIGHBOURS = "Voisins du quartier"
_SMART = {
    Preset.REGULARS: "Fidèles",
    Preset.LAPSED: "Inactifs",
    Preset.EMAIL_SUBSCRIBERS: "Abonnés aux e-mails",
}
_FAST = ("PRAGMA foreign_keys=OFF", "PRAGMA synchronous=OFF", "PRAGMA cache_size=-262144")
_COPYING = ("customers", "loyalty_accounts", "consent_entries", "customer_birthdays", "group_members",
            "customer_summaries")  # fmt: skip
Tell = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Filled:
    """What was put in."""

    customers: int
    sales: int
    rows: int


def fill_directory(
    url: str, ctx: ServiceContext, customers: int, *, seed: int, until: datetime, tell: Tell = lambda _: None
) -> Filled:
    """Put so many people into the demo's shop.

    Args:
        url: Of the database; it is migrated first.
        ctx: For the sales that serve as patterns.
        customers: How many.
        seed: The same seed and ``until`` give the same people.
        until: When the story ends; in whole seconds.
        tell: Called with how many are in, after each slice.

    Raises:
        ForeignDataError: The database holds a real shop, or a crowd already.
    """
    migrate(url)
    group, patterns, first_receipt = _prepare(url, ctx, seed)
    done = rows = 0
    receipt = first_receipt
    copiers = tuple([SaleCopier(each) for each in some] for some in patterns)
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            _hurry(connection)
            while done < customers:
                count = min(PEOPLE_AT_ONCE, customers - done)
                with connection.begin(), _without_copying(connection):
                    sink = RowSink(connection)
                    crowd = Crowd(
                        sink,
                        (copiers[0], copiers[1]),
                        seed=f"{seed}:{done}",
                        first_receipt=receipt,
                        group_id=group.id,
                    )
                    crowd.add(people(seed, done, count, until))
                    for table in ORDER:
                        sink.write(table, crowd.columns[table], crowd.rows[table])
                        rows += len(crowd.rows[table])
                    receipt = crowd.next_receipt
                    connection.execute(
                        text("UPDATE counters SET value = :value WHERE name = 'receipt'"),
                        {"value": receipt - 1},
                    )
                done += count
                tell(done)
            _settle(connection)
    finally:
        engine.dispose()
    return Filled(done, receipt - first_receipt, rows)


def _prepare(
    url: str, ctx: ServiceContext, seed: int
) -> tuple[Group, tuple[list[SalePattern], list[SalePattern]], int]:
    """The shop with two more lanes and groups; patterns of its sales; the next receipt's number."""
    database = SqlDatabase.open(url)
    try:
        with database.unit_of_work() as uow:
            shop = fill_demo_shop(uow, ctx)
            if any(group.name == _NEIGHBOURS for group in uow.groups.all()):
                raise ForeignDataError("this database holds a crowd already; nothing was changed")
            group = _add_lanes_and_groups(uow, shop)
            uow.commit()
        with database.unit_of_work() as uow:
            patterns = make_patterns(uow, ctx, list(uow.lanes.all()), shop.staff, seed)
        with database.unit_of_work() as uow:
            return group, patterns, uow.sales.next_receipt_number()
    finally:
        database.close()


def _add_lanes_and_groups(uow: SqlUnitOfWork, shop: DemoShop) -> Group:
    for number in (shop.lane.number + 1, shop.lane.number + 2):
        if uow.lanes.by_number(number) is None:
            uow.lanes.save(Lane(new_id(), number, None))
    neighbours = Group(new_id(), _NEIGHBOURS, GroupDiscount(rate_ppm=50_000))
    uow.groups.add(neighbours)
    for preset, name in _SMART.items():
        smart = Group(new_id(), name)
        uow.groups.add(smart)
        uow.groups.put_filters(smart.id, preset_filters(preset), preset.value)
    return neighbours


def _hurry(connection: Connection) -> None:
    """SQLite: settings of this connection alone; whoever stops half-way loses a slice at the most."""
    if connection.dialect.name == "sqlite":
        raw = connection.connection.driver_connection
        for pragma in _FAST:
            raw.execute(pragma)  # type: ignore[union-attr]


@contextmanager
def _without_copying(connection: Connection) -> Iterator[None]:
    """Inside a transaction: the triggers that copy into summaries rest, for those are written whole here."""
    if connection.dialect.name == "postgresql":
        for table in _COPYING:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        yield
        for table in _COPYING:
            connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
        return
    found = connection.execute(
        text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN :tables").bindparams(
            bindparam("tables", _COPYING, expanding=True)
        )
    ).all()
    for row in found:
        connection.exec_driver_sql(f"DROP TRIGGER {row.name}")
    yield
    for row in found:
        connection.exec_driver_sql(row.sql)


def _settle(connection: Connection) -> None:
    """Leave the database as it is in use."""
    if connection.dialect.name == "postgresql":
        with connection.begin():
            connection.execute(text("ANALYZE"))
        return
    raw = connection.connection.driver_connection
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
