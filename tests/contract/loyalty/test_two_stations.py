"""Two stations, each a process of its own on one database: the last points are spent once."""

import multiprocessing
from datetime import timedelta
from queue import Queue
from uuid import UUID

import pytest

from loyalty.adapters.message_texts.template_wording import TemplateWording
from loyalty.adapters.sql.database import SqlDatabase, opened
from loyalty.domain.expiry import DaysAfter
from loyalty.domain.filters import Comparator, FilterSet
from loyalty.domain.filters.visits import Visits
from loyalty.domain.group import Group
from loyalty.domain.identification import Evidence
from loyalty.domain.refunds import WholeSaleBack
from loyalty.domain.sale import Sale
from loyalty.domain.shop import Lane
from loyalty.errors import ConflictError
from loyalty.services.adjust_points import adjust_points
from loyalty.services.basket import add_item, open_sale
from loyalty.services.complete import Completed, Payment, complete_sale
from loyalty.services.context import ServiceContext
from loyalty.services.expire_points import expire_points
from loyalty.services.follow_groups import follow_slice
from loyalty.services.identify import read_code
from loyalty.services.ledger_check import verify_ledger
from loyalty.services.publish_programme import publish_change, with_expiry
from loyalty.services.redeem import choose_reward
from loyalty.services.refund import Refunded, RefundOrder, refund_sale
from runtime.ids import new_id
from tests.fakes.clock import FakeClock
from tests.fakes.shop import SIGNER, VERIFIER, ZOE, counter, evidence, service_context

_SPAWN = multiprocessing.get_context("spawn")
_TIMEOUT_S = 60


def _context() -> ServiceContext:
    return ServiceContext(FakeClock(), VERIFIER, TemplateWording(), "https://lumen.example", SIGNER)


def _pay(url: str, sale_id: UUID, gate: object, answers: "Queue[str]") -> None:
    """One station: opens the database, waits for the other one, takes the payment."""
    ctx = _context()
    with opened(url) as database:
        with database.reading() as uow:
            uow.shop.settings()
        gate.wait(_TIMEOUT_S)  # type: ignore[attr-defined]
        with database.unit_of_work() as uow:
            staff = counter(uow, ctx).staff
            done = complete_sale(uow, ctx, sale_id, Payment(f"pay-{sale_id}", 10_000), staff)
            if isinstance(done, Completed):
                uow.commit()
                answers.put("completed")
            else:
                answers.put(done.reason.value)


def _expire(url: str, days: int, gate: object, answers: "Queue[str]") -> None:
    clock = FakeClock()
    clock.advance(timedelta(days=days).total_seconds())
    ctx = service_context(clock)
    with opened(url) as database:
        gate.wait(_TIMEOUT_S)  # type: ignore[attr-defined]
        ended = 0
        while done := _slice(database, ctx):
            ended += done
        answers.put(str(ended))


def _slice(database: SqlDatabase, ctx: ServiceContext) -> int:
    """A slice that the other station took first is simply over."""
    try:
        return expire_points(database.unit_of_work, ctx, limit=1).lots
    except ConflictError:
        return 1


def _refund(url: str, sale_id: UUID, key: str, gate: object, answers: "Queue[str]") -> None:
    ctx = _context()
    with opened(url) as database:
        gate.wait(_TIMEOUT_S)  # type: ignore[attr-defined]
        try:
            with database.unit_of_work() as uow:
                order = RefundOrder(key, sale_id, WholeSaleBack(), "rendu")
                done = refund_sale(uow, ctx, order, counter(uow, ctx).staff)
                if isinstance(done, Refunded):
                    uow.commit()
                answers.put("refunded" if isinstance(done, Refunded) else done.reason.value)
        except ConflictError:
            answers.put("conflict")


def _follow(url: str, gate: object, answers: "Queue[str]") -> None:
    ctx = _context()
    with opened(url) as database:
        gate.wait(_TIMEOUT_S)  # type: ignore[attr-defined]
        for _ in range(40):
            with database.unit_of_work() as uow:
                follow_slice(uow, ctx)
                uow.commit()
        answers.put("followed")


def _together(calls: list[tuple[object, tuple[object, ...]]]) -> list[str]:
    """What the stations answer that start at the same moment."""
    gate = _SPAWN.Barrier(len(calls))
    answers: Queue[str] = _SPAWN.Queue()  # type: ignore[assignment]
    stations = [
        _SPAWN.Process(target=call, args=(*arguments, gate, answers))  # type: ignore[arg-type]
        for call, arguments in calls
    ]
    for station in stations:
        station.start()
    said = [answers.get(timeout=_TIMEOUT_S) for _ in stations]
    for station in stations:
        station.join(_TIMEOUT_S)
        assert station.exitcode == 0
    return sorted(said)


def _two_sales_for_the_same_points(database: SqlDatabase) -> list[UUID]:
    """Two sales, each with a reward of 60; then only 71 points are left, which pay for one of them."""
    ctx = _context()
    sales = []
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        zoe = shop.member(ZOE).customer.id
        adjust_points(uow, ctx, zoe, 60, shop.staff, reason="avance", key="up")
        other = Lane(new_id(), 2, "s0001.k02")
        uow.lanes.save(other)
        programme = uow.programme.current()
        assert programme is not None
        for lane in (shop.shop.lane, other):
            sale = open_sale(uow, ctx, lane.id, shop.staff)
            assert isinstance(sale, Sale)
            add_item(uow, sale.id, shop.item_id("Bougie parfumée"))
            header = Evidence(new_id(), lane.device or "", new_id(), sale.id)
            read_code(uow, ctx, header, SIGNER.static(shop.card(ZOE).id))
            assert isinstance(choose_reward(uow, header, programme.tiers[2].id), Sale)
            sales.append(sale.id)
        adjust_points(uow, ctx, zoe, -60, shop.staff, reason="retour", key="down")
        uow.commit()
    return sales


def test_of_two_stations_that_spend_the_last_points_one_wins_and_the_other_hears_why(
    sql_database: SqlDatabase, database_url: str
) -> None:
    # rows 168, 175
    sales = _two_sales_for_the_same_points(sql_database)
    said = _together([(_pay, (database_url, sale_id)) for sale_id in sales])
    assert said == ["completed", "not_enough_points"]
    with sql_database.reading() as uow:
        member = uow.customers.member_by_phone(ZOE)
        assert member is not None
        assert member.account is not None
        assert member.account.balance == 71 - 60 + 13
        assert verify_ledger(uow).faults == ()


def test_two_stations_end_the_same_points_once(sql_database: SqlDatabase, database_url: str) -> None:
    # row 164
    ctx = _context()
    with sql_database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        publish_change(uow, ctx, shop.staff, with_expiry(ctx, DaysAfter(10)))
        for number in range(6):
            sale = shop.sale("Croissant")
            read_code(uow, ctx, evidence(sale), SIGNER.static(shop.card(ZOE).id))
            shop.pay(sale, f"pay-{number}")
        uow.commit()
    _together([(_expire, (database_url, 30))] * 2)
    with sql_database.reading() as uow:
        member = uow.customers.member_by_phone(ZOE)
        assert member is not None
        assert member.account is not None
        assert member.account.balance == 71
        assert verify_ledger(uow).faults == ()


def test_two_refunds_of_one_sale_at_once_are_one(sql_database: SqlDatabase, database_url: str) -> None:
    # row 175
    ctx = _context()
    with sql_database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        sale = shop.sale("Tasse en grès")
        read_code(uow, ctx, evidence(sale), SIGNER.static(shop.card(ZOE).id))
        shop.pay(sale)
        uow.commit()
    said = _together([(_refund, (database_url, sale.id, key)) for key in ("a", "b")])
    assert said in (["conflict", "refunded"], ["refunded", "sale_already_refunded"])
    with sql_database.reading() as uow:
        assert len(uow.refunds.of_sale(sale.id)) == 1
        member = uow.customers.member_by_phone(ZOE)
        assert member is not None
        assert member.account is not None
        assert member.account.balance == 71
        assert verify_ledger(uow).faults == ()


def _smart_group_and_somebody_new(database: SqlDatabase) -> tuple[UUID, UUID]:
    """A list that is built, and a customer who belongs in it since."""
    ctx = _context()
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        group = Group(new_id(), "Venus")
        uow.groups.add(group)
        uow.groups.put_filters(group.id, FilterSet((Visits(Comparator.AT_LEAST, 1),)))
        while follow_slice(uow, ctx):
            continue
        sale = shop.sale("Croissant")
        read_code(uow, ctx, evidence(sale), SIGNER.static(shop.card(ZOE).id))
        shop.pay(sale)
        uow.commit()
        return group.id, shop.member(ZOE).customer.id


def test_two_stations_tell_once_who_joined_a_smart_group(
    sql_database: SqlDatabase, database_url: str
) -> None:
    # row 177
    group_id, zoe = _smart_group_and_somebody_new(sql_database)
    assert _together([(_follow, (database_url,))] * 2) == ["followed", "followed"]
    with sql_database.reading() as uow:
        assert [each.customer_id for each in uow.smart_groups.changes(group_id, 10)] == [zoe]
        state = uow.smart_groups.state(group_id)
        assert state is not None
        assert state.members == len(uow.smart_groups.members(group_id, 10)) == 1


def test_a_station_leaves_the_lists_to_the_one_that_moves_them(
    sql_database: SqlDatabase, database_url: str
) -> None:
    # part of row 177
    if not database_url.startswith("postgresql"):
        pytest.skip("SQLite has one writer at a time")
    ctx = _context()
    group_id, zoe = _smart_group_and_somebody_new(sql_database)
    with sql_database.unit_of_work() as first, sql_database.unit_of_work() as second:
        assert follow_slice(first, ctx) > 0
        assert follow_slice(second, ctx) == 0, "the other one has not committed yet"
        first.commit()
        second.commit()
    with sql_database.unit_of_work() as second:
        while follow_slice(second, ctx):
            continue
        second.commit()
        assert [each.customer_id for each in second.smart_groups.changes(group_id, 10)] == [zoe]
