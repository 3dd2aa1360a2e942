"""A unit of work keeps all or nothing; shop, lanes, catalogue and programme come back as saved."""

import contextlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.database import opened
from loyalty.adapters.sql.migrate import migrate
from loyalty.adapters.sql.prepared import insert_of
from loyalty.domain.accrual import AmountRule
from loyalty.domain.catalogue import Category, Item, TaxInclusion, TaxRate
from loyalty.domain.money import Currency
from loyalty.domain.programme import PointsName, ProgrammeVersion, RewardTier
from loyalty.domain.rewards import AmountOffSale, PercentageOffSale
from loyalty.domain.shop import Lane, LaneSound, ShopSettings
from loyalty.domain.trust import Trust, TrustPolicy
from loyalty.errors import ConflictError, StorageError
from runtime.ids import new_id
from tests.contract.loyalty.stored import AT, Database, customer, item_in, lane_of, open_sale
from tests.fakes.postgresql import PostgresqlCluster


def test_what_is_committed_is_there_and_what_is_not_is_gone(database: Database) -> None:
    kept, lost = customer(given_name="Zoé"), customer()
    with database.unit_of_work() as uow:
        uow.customers.add(kept)
        uow.commit()
        uow.customers.add(lost)
    with database.reading() as uow:
        assert uow.customers.get(kept.id) == kept
        assert uow.customers.get(lost.id) is None


def test_an_error_undoes_everything(database: Database) -> None:
    lost = customer()
    with contextlib.suppress(ZeroDivisionError), database.unit_of_work() as uow:
        uow.customers.add(lost)
        _ = 1 // 0
    with database.reading() as uow:
        assert uow.customers.get(lost.id) is None


def test_a_roll_back_undoes_and_the_unit_can_be_left(database: Database) -> None:
    lost = customer()
    with database.unit_of_work() as uow:
        uow.customers.add(lost)
        lane = lane_of(uow)
        sale = open_sale(lane)
        uow.sales.add(sale)
        uow.rollback()
        assert uow.sales.get(sale.id) is None
        assert uow.lanes.get(lane.id) is None
    with database.reading() as uow:
        assert uow.customers.get(lost.id) is None


def test_what_is_written_after_a_commit_is_committed_by_the_next(
    postgresql: PostgresqlCluster, tmp_path: Path
) -> None:
    write = insert_of(schema.saved_views)
    sqlite = f"sqlite:///{tmp_path}/shop.db"
    migrate(sqlite)
    for url in (sqlite, postgresql.new_migrated_database()):
        with opened(url) as database:
            with database.unit_of_work() as uow:
                uow.commit()
                values = {"id": new_id(), "name": "Regulars", "filters": {}, "made_at": AT}
                uow._transaction.write(write, values)
                uow.commit()
            with database.reading() as uow:
                assert len(uow._transaction.all(select(schema.saved_views.c.id))) == 1


def test_a_connection_that_the_server_ends_fails_one_unit_and_no_other(
    postgresql: PostgresqlCluster,
) -> None:
    with opened(postgresql.new_migrated_database()) as database:
        with database.unit_of_work() as uow:
            mine = uow._transaction.execute(text("SELECT pg_backend_pid() AS pid")).one()
            with database.reading() as other:
                other._transaction.execute(select(func.pg_terminate_backend(mine.pid))).all()
            with pytest.raises(StorageError):
                uow.customers.get(new_id())
        kept = customer(given_name="Zoé")
        with database.unit_of_work() as uow:
            uow.customers.add(kept)
            uow.commit()
        with database.reading() as uow:
            assert uow.customers.get(kept.id) == kept


def test_a_reading_unit_cannot_be_committed(database: Database) -> None:
    with database.reading() as uow, pytest.raises(StorageError):
        uow.commit()


def test_settings_come_back_as_they_were_saved(database: Database) -> None:
    settings = ShopSettings(
        "L’Épicerie",
        "s0001",
        "CA",
        Currency("CAD"),
        "America/Montreal",
        "fr",
        ("fr", "en"),
        "CA",
        TrustPolicy(redeem=Trust.PROVEN),
    )
    with database.unit_of_work() as uow:
        assert uow.shop.settings() is None
        uow.shop.save(settings)
        assert uow.shop.settings() == settings
        uow.commit()
    with database.unit_of_work() as uow:
        uow.shop.save(replace(settings, name="Autre", revision=2))
        uow.commit()
    with database.reading() as uow:
        assert uow.shop.settings() == replace(settings, name="Autre", revision=2)


def test_a_change_that_was_not_committed_is_not_remembered(database: Database) -> None:
    with database.unit_of_work() as uow:
        lane = lane_of(uow)
        uow.commit()
    with database.unit_of_work() as uow:
        uow.lanes.save(replace(lane, is_training=True))
        assert uow.lanes.get(lane.id) == replace(lane, is_training=True)
    with database.reading() as uow:
        assert uow.lanes.get(lane.id) == lane


def test_lanes_are_found_by_device_and_number_and_neither_is_shared(database: Database) -> None:
    with database.unit_of_work() as uow:
        lane = lane_of(uow)
        shut = Lane(new_id(), 2, "s0001.k02", is_active=False, sound=LaneSound(25, cues=False, speech=False))
        uow.lanes.save(shut)
        uow.commit()
        assert uow.lanes.by_device("s0001.k01") == lane
        assert uow.lanes.by_device("s0001.k02") is None
        assert uow.lanes.by_number(2) == shut
        assert list(uow.lanes.all()) == [lane, shut]
        with pytest.raises(ConflictError):
            uow.lanes.save(Lane(new_id(), 3, "s0001.k01"))
    with database.unit_of_work() as uow, pytest.raises(ConflictError):
        uow.lanes.save(Lane(new_id(), 1, None))


def test_items_come_back_with_category_and_taxes_in_the_order_of_the_buttons(database: Database) -> None:
    # row 91
    vat = TaxRate("tva-5.5", "TVA 5,5 %", 55_000, TaxInclusion.INCLUDED)
    shelf = Category(new_id(), "Épicerie", 1)
    honey = Item(new_id(), "Miel", 1190, shelf.id, (vat,), "0370012340002", position=2)
    oil = Item(new_id(), "Huile", 1450, shelf.id, (vat,), None, position=1)
    gone = Item(new_id(), "Ancien", 100, None, barcode="0370012340003", is_active=False)
    with database.unit_of_work() as uow:
        uow.catalogue.save_category(shelf)
        for item in (honey, oil, gone):
            uow.catalogue.save_item(item)
        uow.commit()
    with database.unit_of_work() as uow:
        assert list(uow.catalogue.items()) == [oil, honey]
        assert list(uow.catalogue.categories()) == [shelf]
        assert uow.catalogue.item(gone.id) == gone
        assert uow.catalogue.item_by_barcode("0370012340002") == honey
        assert uow.catalogue.item_by_barcode("370012340002") is None
        assert uow.catalogue.item_by_barcode("0370012340003") is None
        with pytest.raises(ConflictError):
            uow.catalogue.save_item(replace(oil, id=new_id(), barcode=honey.barcode))


def test_an_item_is_changed_from_its_last_version_only(database: Database) -> None:
    vat = TaxRate("vat-20", "TVA 20 %", 200_000, TaxInclusion.INCLUDED)
    with database.unit_of_work() as uow:
        oil = item_in(uow, name="Huile", tax_rates=(vat,))
        gone = item_in(uow, name="Ancien", is_active=False)
        dearer = replace(oil, price_minor=990, version=2)
        uow.catalogue.change_item(dearer)
        assert uow.catalogue.item(oil.id) == dearer
        assert {item.id for item in uow.catalogue.all_items()} == {oil.id, gone.id}
        with pytest.raises(ConflictError):
            uow.catalogue.change_item(replace(oil, price_minor=1, version=2))
        assert uow.catalogue.item(oil.id) == dearer


def test_a_changed_tax_is_that_of_its_items_and_one_in_use_stays(database: Database) -> None:
    vat = TaxRate("vat-20", "TVA 20 %", 200_000, TaxInclusion.INCLUDED)
    with database.unit_of_work() as uow:
        oil = item_in(uow, name="Huile", tax_rates=(vat,))
        uow.catalogue.save_tax_rate(replace(vat, rate_ppm=210_000))
        spare = TaxRate("vat-0", "Sans TVA", 0, TaxInclusion.ON_TOP)
        uow.catalogue.save_tax_rate(spare)
        assert [rate.id for rate in uow.catalogue.tax_rates()] == ["vat-0", "vat-20"]
        found = uow.catalogue.item(oil.id)
        assert found is not None
        assert found.tax_rates[0].rate_ppm == 210_000
        uow.catalogue.remove_tax_rate("vat-0")
        assert [rate.id for rate in uow.catalogue.tax_rates()] == ["vat-20"]
        uow.commit()
    with database.unit_of_work() as uow, pytest.raises(ConflictError):
        uow.catalogue.remove_tax_rate("vat-20")


def test_a_category_goes_once_nothing_stands_in_it(database: Database) -> None:
    empty, full = Category(new_id(), "Vide"), Category(new_id(), "Pleine")
    with database.unit_of_work() as uow:
        uow.catalogue.save_category(empty)
        uow.catalogue.save_category(full)
        item_in(uow, name="Huile", category_id=full.id)
        uow.catalogue.remove_category(empty.id)
        assert list(uow.catalogue.categories()) == [full]
        uow.commit()
    with database.unit_of_work() as uow, pytest.raises(ConflictError):
        uow.catalogue.remove_category(full.id)


def test_the_latest_version_of_the_programme_is_the_current_one(database: Database) -> None:
    tiers = (
        RewardTier(new_id(), "2 € offerts", 10, AmountOffSale(200)),
        RewardTier(new_id(), "10 %", 25, PercentageOffSale(100_000, 3_000)),
    )
    first = ProgrammeVersion(1, AT, AmountRule(100), PointsName("grain", "grains"), tiers)
    second = replace(first, version=2, valid_from=AT + timedelta(days=1), tiers=tiers[:1], is_active=False)
    with database.unit_of_work() as uow:
        assert uow.programme.current() is None
        uow.programme.add(first)
        assert uow.programme.current() == first
        uow.programme.add(second)
        uow.commit()
        with pytest.raises(ConflictError):
            uow.programme.add(second)
    with database.reading() as uow:
        assert uow.programme.current() == second
