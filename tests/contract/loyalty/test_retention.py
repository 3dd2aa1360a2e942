"""Members who stayed away are told, then forgotten, on each database (row 201)."""

from datetime import timedelta

import pytest

from loyalty.domain.audit import AuditAction
from loyalty.domain.message import MessageKind
from loyalty.domain.privacy import PrivacySettings
from loyalty.services.context import ServiceContext
from loyalty.services.identify import read_code
from loyalty.services.retention import forget_inactive_slice, tell_inactive_slice
from loyalty.services.status_choice import StatusChoice, choose_on_status_page
from tests.fakes.clock import FakeClock
from tests.fakes.loyalty import InMemoryDatabase
from tests.fakes.shop import CAMILLE, IDRIS, SIGNER, ZOE, counter, evidence

Database = InMemoryDatabase
MONTHS_35 = timedelta(days=1066)
"""Just inside the thirty days before three years."""


def work(database: Database, ctx: ServiceContext) -> None:
    """All that the clock does with those who stayed away, to the end."""
    for each in (tell_inactive_slice, forget_inactive_slice):
        for _ in range(20):
            with database.unit_of_work() as uow:
                count = each(uow, ctx)
                uow.commit()
            if not count:
                break
        else:
            pytest.fail("no end")


def notices(database: Database) -> dict[str, str]:
    with database.reading() as uow:
        return {each.to: each.body for each in uow.messages.recent(99) if each.kind is MessageKind.RETENTION}


def is_there(database: Database, number: str) -> bool:
    with database.reading() as uow:
        return uow.customers.member_by_phone(number) is not None


@pytest.fixture
def shop_of_three(database: Database, ctx: ServiceContext) -> Database:
    with database.unit_of_work() as uow:
        counter(uow, ctx)
        uow.commit()
    return database


def test_who_stayed_away_is_told_and_forgotten_and_who_came_back_is_kept(
    shop_of_three: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    # row 201
    database = shop_of_three
    work(database, ctx)
    assert notices(database) == {}
    clock.advance((MONTHS_35 + timedelta(days=1)).total_seconds())
    work(database, ctx)
    work(database, ctx)
    told = notices(database)
    assert set(told) == {CAMILLE, IDRIS, ZOE}
    assert "https://lumen.example/s/" in told[CAMILLE]
    assert is_there(database, ZOE)
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        read_code(uow, ctx, evidence(None), SIGNER.static(shop.card(CAMILLE).id))
        uow.commit()
    token = told[IDRIS].rpartition("/s/")[2].split()[0].rstrip(".")
    with database.unit_of_work() as uow:
        assert choose_on_status_page(uow, ctx, token, StatusChoice.STAY)
        uow.commit()
    clock.advance(31 * 24 * 3600)
    work(database, ctx)
    assert [is_there(database, each) for each in (CAMILLE, IDRIS, ZOE)] == [True, True, False]
    with database.reading() as uow:
        (erased,) = uow.people.erased()
        (deed,) = [
            each
            for each in uow.audit.of_subject(f"customer:{erased.customer_id}")
            if each.action is AuditAction.PERSON_ERASED
        ]
    assert deed.staff_id is None
    assert set(notices(database)) == {CAMILLE, IDRIS, ""}


def test_nobody_is_forgotten_without_having_been_told_long_enough_before(
    shop_of_three: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    # row 201
    clock.advance(timedelta(days=3_000).total_seconds())
    work(shop_of_three, ctx)
    assert is_there(shop_of_three, ZOE)
    clock.advance(timedelta(days=29).total_seconds())
    work(shop_of_three, ctx)
    assert is_there(shop_of_three, ZOE)
    clock.advance(timedelta(days=2).total_seconds())
    work(shop_of_three, ctx)
    assert not is_there(shop_of_three, ZOE)


def test_the_shop_may_keep_who_has_points_or_forget_nobody(
    shop_of_three: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    # row 201
    for settings in (PrivacySettings(keeps_who_has_points=True), PrivacySettings(purges_inactive=False)):
        with shop_of_three.unit_of_work() as uow:
            uow.privacy.save_settings(settings)
            uow.commit()
        clock.advance(timedelta(days=1_500).total_seconds())
        work(shop_of_three, ctx)
        clock.advance(timedelta(days=60).total_seconds())
        work(shop_of_three, ctx)
        assert all(is_there(shop_of_three, each) for each in (CAMILLE, IDRIS, ZOE))
    assert notices(shop_of_three) == {}


def test_somebody_on_a_held_sale_is_not_forgotten(
    shop_of_three: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    # row 201
    with shop_of_three.unit_of_work() as uow:
        shop = counter(uow, ctx)
        sale = shop.sale("Croissant")
        read_code(uow, ctx, evidence(sale), SIGNER.static(shop.card(ZOE).id))
        uow.commit()
    clock.advance(timedelta(days=1_500).total_seconds())
    work(shop_of_three, ctx)
    clock.advance(timedelta(days=60).total_seconds())
    work(shop_of_three, ctx)
    assert is_there(shop_of_three, ZOE)
    assert not is_there(shop_of_three, IDRIS)
