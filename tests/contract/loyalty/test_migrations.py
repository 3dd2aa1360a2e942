"""Migrations, the constraints they leave and the copies they make."""

import sqlite3
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError

from loyalty.adapters.sql.database import SqlDatabase, make_engine, opened
from loyalty.adapters.sql.migrate import _config, head_revision, migrate
from loyalty.adapters.sql.schema import metadata
from loyalty.adapters.sql.schema.search import SEARCH_TEXT, SEARCH_TRIGRAMS
from loyalty.domain.accrual import AmountRule
from loyalty.domain.audit import AuditAction
from loyalty.domain.expiry import NEVER
from loyalty.domain.rewards import PercentageOffSale
from loyalty.domain.staff import Permission
from loyalty.errors import ConflictError, StorageError
from loyalty.services.adjust_points import adjust_points
from loyalty.services.audit import note_deed
from loyalty.services.context import ServiceContext
from loyalty.services.enrol import enrol
from loyalty.services.identify import read_code
from loyalty.services.redeem import choose_reward
from runtime.ids import new_id
from tests.fakes.shop import SIGNER, ZOE, Counter, counter, enrolment, evidence


def is_of_metadata(name: str | None, kind: str, _parents: object) -> bool:
    """What only one of the databases can have stands outside: see ``schema.search``."""
    return not (name or "").startswith((SEARCH_TEXT, SEARCH_TRIGRAMS))


def test_the_migrations_make_the_schema_that_the_code_uses(database_url: str) -> None:
    migrate(database_url)
    engine = make_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_of_metadata})
        assert compare_metadata(context, metadata) == []
        assert MigrationContext.configure(connection).get_current_revision() == head_revision()
    engine.dispose()


def test_the_newest_version_is_known_without_reading_the_migrations() -> None:
    assert ScriptDirectory.from_config(_config(None)).get_heads() == [head_revision()]


def test_migrating_again_changes_nothing(database_url: str) -> None:
    migrate(database_url)
    assert migrate(database_url) is None


def test_an_existing_file_is_copied_before_it_is_migrated(tmp_path: Path, ctx: ServiceContext) -> None:
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    assert migrate(url) is None
    with opened(url) as database, database.unit_of_work() as uow:
        counter(uow, ctx)
        uow.commit()
    with sqlite3.connect(tmp_path / "shop.db") as old:
        old.execute("UPDATE alembic_version SET version_num = 'v0000'")
    old.close()
    with pytest.raises(StorageError) as failed:
        migrate(url)
    copies = list(tmp_path.glob("shop.db.before-v0000-*"))
    assert len(copies) == 1
    assert str(copies[0]) in failed.value.message
    with sqlite3.connect(copies[0]) as copy:
        assert copy.execute("SELECT name FROM shop_settings").fetchone() == ("Maison Lumen",)
    copy.close()


@pytest.mark.parametrize("table", ["ledger_entries", "lot_uses", "consent_entries"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET {} = {}"])
def test_the_database_refuses_to_change_a_ledger(
    sql_database: SqlDatabase, database_url: str, ctx: ServiceContext, table: str, change: str
) -> None:
    # row 176
    with sql_database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        _one_of_each(shop)
        uow.commit()
    column = "points" if table != "consent_entries" else "state"
    engine = make_engine(database_url)
    with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
        connection.execute(text(change.format(table, column, column)))
    engine.dispose()


def _one_of_each(shop: Counter) -> None:
    enrol(shop.uow, shop.ctx, evidence(None), enrolment())
    sale = shop.sale("Tasse en grès")
    header = evidence(sale)
    read_code(shop.uow, shop.ctx, header, SIGNER.static(shop.card(ZOE).id))
    programme = shop.uow.programme.current()
    assert programme is not None
    choose_reward(shop.uow, header, programme.tiers[0].id)
    shop.pay(sale)


def test_settings_of_sqlite_survive_a_power_cut(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    migrate(url)
    engine = make_engine(url)
    with engine.connect() as connection:
        values = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    assert values == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}


@pytest.mark.parametrize("url", ["", "not a url", "mysql://x/y", "sqlite:////no/such/folder/shop.db"])
def test_a_url_that_cannot_be_used_says_so(url: str) -> None:
    with pytest.raises(StorageError):
        migrate(url)


def test_a_database_says_what_it_is(sql_database: SqlDatabase) -> None:
    name, version = sql_database.describe().split(" ")
    assert name in ("sqlite", "postgresql")
    assert version.split(".")[0].isdigit()


def test_a_unit_of_work_that_was_not_entered_is_an_error(sql_database: SqlDatabase) -> None:
    with pytest.raises(StorageError):
        sql_database.unit_of_work().shop.settings()


def test_a_shop_from_before_the_whole_programme_goes_on(database_url: str, ctx: ServiceContext) -> None:
    # row 119
    engine = make_engine(database_url)
    with engine.begin() as connection:
        command.upgrade(_config(connection), "v0002")
        at = "2026-01-01 00:00:00.000000+00:00" if "postgresql" in database_url else "2026-01-01 00:00:00"
        accrual = (
            '{"kind": "amount", "tranche_minor": 500, "points_per_tranche": 2, "tax_mode": "before_tax"}'
        )
        terms = '{"kind": "percentage_off_sale", "rate_ppm": 100000, "ceiling_minor": null}'
        connection.execute(
            text(
                "INSERT INTO programme_versions (version, valid_from, accrual, points_name_one, points_name_many)"
                " VALUES (1, :at, :accrual, 'point', 'points')"
            ),
            {"at": at, "accrual": accrual},
        )
        connection.execute(
            text(
                "INSERT INTO reward_tiers (programme_version, tier_id, name, points, terms, position)"
                " VALUES (1, :tier, '10 %', 10, :terms, 0)"
            ),
            {"tier": new_id().hex, "terms": terms},
        )
    engine.dispose()
    migrate(database_url)
    with opened(database_url) as database, database.reading() as uow:
        programme = uow.programme.current()
        assert programme is not None
        assert programme.accrual == AmountRule(500, 2)
        assert programme.expiry == NEVER
        assert programme.tiers[0].terms == PercentageOffSale(100_000)


def test_messages_and_decisions_from_before_letters_stay(database_url: str) -> None:
    engine = make_engine(database_url)
    with engine.begin() as connection:
        command.upgrade(_config(connection), "v0004")
        at = "2026-01-01 00:00:00.000000+00:00" if "postgresql" in database_url else "2026-01-01 00:00:00"
        for statement in (
            "INSERT INTO customers (id, source, created_at, version) VALUES (:id, 'loyalty', :at, 1)",
            "INSERT INTO roles (id, name, permissions) VALUES (:id, 'owner', '[]')",
            (
                "INSERT INTO staff (id, login, display_name, password_hash, role_id, is_active)"
                " VALUES (:id, 'o', 'O', 'x', :id, true)"
            ),
            (
                'INSERT INTO member_messages (id, event_key, kind, customer_id, "to", language, body, queued_at,'
                " state, attempts) VALUES (:id, 'k', 'welcome', :id, '+33612345678', 'fr', 'b', :at, 'unknown', 1)"
            ),
            (
                "INSERT INTO message_decisions (id, message_id, staff_id, decision, at)"
                " VALUES (:id, :id, :id, 'give_up', :at)"
            ),
        ):
            connection.execute(text(statement), {"id": UUID(int=7).hex, "at": at})
    engine.dispose()
    migrate(database_url)
    with opened(database_url) as database, database.unit_of_work() as uow:
        (message,) = uow.messages.recent(5)
        assert len(uow.deliveries.decisions_of(message.id)) == 1
        stranger = replace(message, id=new_id(), event_key="r", customer_id=None, html="<p>")
        assert uow.messages.queue(stranger)
        assert uow.deliveries.get(stranger.id) == stranger
        with pytest.raises((ConflictError, StorageError)):
            uow.messages.queue(replace(stranger, id=new_id(), event_key="s", customer_id=new_id()))


@pytest.mark.parametrize("change", ["DELETE FROM audit_entries", "UPDATE audit_entries SET subject = 'x'"])
def test_the_audit_log_is_only_added_to(
    sql_database: SqlDatabase, database_url: str, ctx: ServiceContext, change: str
) -> None:
    # row 181
    with sql_database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        customer_id = shop.member(ZOE).customer.id
        adjust_points(uow, ctx, customer_id, 1, shop.staff, reason="geste", key="a")
        uow.commit()
    engine = make_engine(database_url)
    with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
        connection.execute(text(change))
    engine.dispose()


def test_an_owner_from_before_keeps_everything_and_the_log_of_deeds_stays_shut(
    database_url: str, ctx: ServiceContext
) -> None:
    migrate(database_url)
    with opened(database_url) as database, database.unit_of_work() as uow:
        counter(uow, ctx)
        note_deed(uow, ctx, None, action=AuditAction.SIGN_IN_FAILED, subject="staff:unknown")
        uow.commit()
    engine = make_engine(database_url)
    with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_entries"))
    with engine.begin() as connection:
        connection.execute(text("UPDATE roles SET permissions = '[\"sell\"]' WHERE name = 'owner'"))
    engine.dispose()
    with opened(database_url) as database, database.reading() as uow:
        owner = next(each for each in uow.staff.all() if each.role.is_owner)
        assert owner.holds_all(Permission)


def test_the_first_role_of_a_shop_from_before_becomes_the_owners(database_url: str) -> None:
    engine = make_engine(database_url)
    with engine.begin() as connection:
        command.upgrade(_config(connection), "v0004")
        for name in ("owner", "cashier"):
            values = {"id": new_id().hex, "name": name}
            connection.execute(
                text("INSERT INTO roles (id, name, permissions) VALUES (:id, :name, '[]')"), values
            )
    engine.dispose()
    migrate(database_url)
    with opened(database_url) as database, database.reading() as uow:
        held = {role.name: role.permissions for role in uow.staff.roles()}
    assert held == {"owner": frozenset(Permission), "cashier": frozenset()}


def test_addresses_whose_owners_never_agreed_get_no_news_any_more(database_url: str) -> None:
    # part of X8
    engine, is_postgresql = make_engine(database_url), "postgresql" in database_url
    at = "2026-01-01 00:00:00.000000+00:00" if is_postgresql else "2026-01-01 00:00:00.000000"
    silent, agreed, private, late = (UUID(int=number).hex for number in range(1, 5))
    with engine.begin() as connection:
        command.upgrade(_config(connection), "v0025")
        for customer_id, is_private in ((silent, False), (agreed, False), (private, True), (late, False)):
            connection.execute(
                text(
                    "INSERT INTO customers (id, source, created_at, version, email_address, is_email_private)"
                    " VALUES (:id, 'import', :at, 1, :email, :is_private)"
                ),
                {"id": customer_id, "at": at, "email": f"{customer_id}@x.fr", "is_private": is_private},
            )
        connection.execute(text(_AGREED), {"id": agreed, "at": at})
        assert _reached(connection) == {
            silent: "public",
            agreed: "public",
            private: "private",
            late: "public",
        }
    engine.dispose()
    migrate(database_url)
    with engine.begin() as connection:
        assert _reached(connection) == {silent: None, agreed: "public", private: "private", late: None}
        connection.execute(text(_AGREED), {"id": late, "at": at})
        assert _reached(connection)[late] == "public", "the triggers follow"
    engine.dispose()


_AGREED = (
    "INSERT INTO consent_entries (id, customer_id, purpose, state, at, wording_id, wording_text, channel)"
    " VALUES (:id, :id, 'marketing_email', 'granted', :at, 'w', 'w', 'staff')"
)


def _reached(connection: Connection) -> dict[str, str | None]:
    rows = connection.execute(text("SELECT customer_id, email_reach FROM customer_summaries")).all()
    return {UUID(str(row.customer_id)).hex: row.email_reach for row in rows}
