"""A crowd of made-up customers: whole, the same for the same seed, and never in a real shop."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from loyalty.adapters.sql.database import make_engine, opened
from loyalty.adapters.sql.demo_fill.fill import fill_directory
from loyalty.adapters.sql.migrate import migrate
from loyalty.domain.filters import Moment
from loyalty.errors import ForeignDataError
from loyalty.services.activity import verify_activity
from loyalty.services.context import ServiceContext
from loyalty.services.demo_shop import fill_demo_shop
from loyalty.services.ledger_check import verify_ledger
from loyalty.services.ledger_replay import replay_day

UNTIL = datetime(2026, 3, 2, tzinfo=UTC)


def test_the_crowd_is_whole(database_url: str, ctx: ServiceContext) -> None:
    filled = fill_directory(database_url, ctx, 300, seed=4, until=UNTIL)
    assert filled.customers == 300
    assert filled.sales > 100
    with opened(database_url) as database, database.reading() as uow:
        assert verify_ledger(uow).faults == ()
        report = verify_activity(uow, limit=1000)
        assert report.faults == ()
        assert report.customers == 303
        assert report.purchases == filled.sales
        days = {
            uow.sales.get(sale_id).closed_at.date()
            for sale_id in uow.sales.completed_between(UNTIL.replace(year=2020), UNTIL)
        }  # type: ignore[union-attr]
        for day in sorted(days)[:20]:
            assert replay_day(uow, day).differences == ()
    engine = make_engine(database_url)
    copied = (
        "SELECT count(*) FROM customers c JOIN customer_summaries s ON s.customer_id = c.id "
        "LEFT JOIN loyalty_accounts a ON a.customer_id = c.id "
        "WHERE coalesce(a.balance, -1) <> coalesce(s.balance, -1) OR s.source <> c.source"
    )
    with engine.begin() as connection:
        assert connection.execute(text(copied)).scalar() == 0
        before = connection.execute(text("SELECT * FROM customer_summaries ORDER BY customer_id")).all()
        connection.execute(text("UPDATE customers SET source = source"))  # the triggers copy anew
        assert (
            connection.execute(text("SELECT * FROM customer_summaries ORDER BY customer_id")).all() == before
        )
    engine.dispose()


def test_the_same_seed_gives_the_same_people(database_url: str, ctx: ServiceContext) -> None:
    fill_directory(database_url, ctx, 50, seed=9, until=UNTIL)
    with opened(database_url) as database, database.reading() as uow:
        people = _people(uow)
    other = database_url.replace("shop.db", "other.db") if "sqlite" in database_url else None
    if other is None:
        return
    fill_directory(other, ctx, 50, seed=9, until=UNTIL)
    with opened(other) as database, database.reading() as uow:
        assert _people(uow) == people


def _people(uow: object) -> list[object]:
    from loyalty.domain.filters.condition import EVERYBODY

    ids = uow.directory.ids(EVERYBODY, Moment(UNTIL, "Europe/Paris"), None, 1000)  # type: ignore[attr-defined]
    return [
        each.member.customer
        for each in uow.directory.listed(ids)  # type: ignore[attr-defined]
        if each.member.customer.source.value != "demo"
    ]


def test_a_real_shop_and_a_second_crowd_are_refused(database_url: str, ctx: ServiceContext) -> None:
    migrate(database_url)
    with opened(database_url) as database:
        with database.unit_of_work() as uow:
            shop = fill_demo_shop(uow, ctx)
            uow.shop.save(replace(shop.settings, is_demo=False))
            uow.commit()
        with pytest.raises(ForeignDataError):
            fill_directory(database_url, ctx, 10, seed=1, until=UNTIL)
        with database.unit_of_work() as uow:
            uow.shop.save(shop.settings)
            uow.commit()
    fill_directory(database_url, ctx, 10, seed=1, until=UNTIL)
    with pytest.raises(ForeignDataError):
        fill_directory(database_url, ctx, 10, seed=1, until=UNTIL)
