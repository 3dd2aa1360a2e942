"""A day's sales reckoned again, and the command that does it."""

import json
from dataclasses import replace
from datetime import date

import pytest

from comptoir.__main__ import main
from loyalty.adapters.sql.database import SqlDatabase
from loyalty.domain.accrual import AmountRule
from loyalty.domain.promotions import PointsAddition, Promotion, Schedule, TriggerLimit
from loyalty.domain.refunds import LinesBack, WholeSaleBack
from loyalty.services.complete import Payment
from loyalty.services.context import ServiceContext
from loyalty.services.exchange import Exchanged, ExchangeOrder, exchange_goods
from loyalty.services.group_members import put_in_group
from loyalty.services.identify import read_code
from loyalty.services.late_attachment import AttachedLate, attach_to_completed
from loyalty.services.ledger_replay import replay_day
from loyalty.services.plan_promotion import PromotionDraft, add_promotion, cancel_promotion
from loyalty.services.publish_programme import publish_change, with_rule
from loyalty.services.redeem import choose_reward
from loyalty.services.refund import Refunded, RefundOrder, refund_sale
from tests.fakes.clock import FakeClock
from tests.fakes.loyalty import InMemoryDatabase
from tests.fakes.shop import CAMILLE, IDRIS, SIGNER, ZOE, Counter, counter, evidence

DAY = date(2026, 3, 2)


def busy_day(shop: Counter, clock: FakeClock) -> None:
    """Sales with groups, rewards, a promotion with a limit, a refund, an exchange, a late customer.

    Afterwards everything that they were priced with is something else.
    """
    uow, ctx, staff = shop.uow, shop.ctx, shop.staff
    draft = PromotionDraft("Fête", PointsAddition(7), Schedule(DAY), trigger_limit=TriggerLimit(1))
    promotion = add_promotion(uow, ctx, staff, draft)
    assert isinstance(promotion, Promotion)
    programme = uow.programme.current()
    assert programme is not None
    sales = []
    for key, number in (("one", CAMILLE), ("two", CAMILLE), ("three", IDRIS), ("four", ZOE)):
        clock.advance(60)
        sale = shop.sale("Tasse en grès", "Croissant")
        header = evidence(sale)
        read_code(uow, ctx, header, SIGNER.static(shop.card(number).id))
        if key == "two":
            choose_reward(uow, header, programme.tiers[0].id)
        sales.append(shop.pay(sale, key).sale)
    nobodys = shop.pay(shop.sale("Croissant"), "five").sale
    clock.advance(60)
    croissant = next(line for line in sales[0].lines if line.name == "Croissant")
    order = RefundOrder("back", sales[0].id, LinesBack(((croissant.id, 1),)), "rassis")
    assert isinstance(refund_sale(uow, ctx, order, staff), Refunded)
    late = attach_to_completed(uow, ctx, nobodys.id, shop.member(ZOE).customer.id, staff)
    assert isinstance(late, AttachedLate)
    fresh = shop.sale("Bougie parfumée")
    swap = ExchangeOrder(fresh.id, sales[2].id, WholeSaleBack(), "échange", Payment("swap", 5000))
    assert isinstance(exchange_goods(uow, ctx, swap, staff), Exchanged)
    clock.advance(60)
    publish_change(uow, ctx, staff, with_rule(ctx, AmountRule(1000)))
    cancel_promotion(uow, ctx, staff, promotion.id)
    put_in_group(uow, ctx, shop.shop.group.id, shop.member(IDRIS).customer.id, staff)
    uow.groups.remove_member(shop.shop.group.id, shop.member(CAMILLE).customer.id)


def test_a_day_can_be_reckoned_again_after_everything_has_changed(
    database: InMemoryDatabase, ctx: ServiceContext, clock: FakeClock
) -> None:
    # row 174
    with database.unit_of_work() as uow:
        busy_day(counter(uow, ctx), clock)
        uow.commit()
    with database.reading() as uow:
        replay = replay_day(uow, DAY)
        assert (replay.sales, replay.refunds, replay.differences) == (6, 2, ())
        assert replay_day(uow, date(2026, 3, 3)).sales == 0


def test_a_sale_that_would_be_booked_in_another_way_is_named(
    database: InMemoryDatabase, ctx: ServiceContext, clock: FakeClock
) -> None:
    # row 174
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        sale = shop.sale("Tasse en grès")
        read_code(uow, ctx, evidence(sale), SIGNER.static(shop.card(CAMILLE).id))
        shop.pay(sale)
        terms = uow.sales.terms_of(sale.id)
        assert terms is not None
        uow.sales.keep_terms(sale.id, replace(terms, groups=()))
        uow.commit()
    with database.reading() as uow:
        found = replay_day(uow, DAY).differences
        assert [(each.subject, each.booked, each.reckoned) for each in found] == [
            (f"sale:{sale.id}", (("earn", 14),), (("earn", 16),))
        ]


def test_the_command_says_whether_a_day_and_the_ledger_are_sound(
    sql_database: SqlDatabase,
    database_url: str,
    ctx: ServiceContext,
    clock: FakeClock,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # row 174
    with sql_database.unit_of_work() as uow:
        busy_day(counter(uow, ctx), clock)
        uow.commit()
    assert main(["ledger", "replay", "--day", "2026-03-02", "--database", database_url]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "day": "2026-03-02",
        "sales": 6,
        "refunds": 2,
        "differences": 0,
    }
    assert main(["ledger", "verify", "--database", database_url]) == 0
    assert json.loads(capsys.readouterr().out)["faults"] == 0
    with sql_database.unit_of_work() as uow:
        account = uow.customers.member_by_phone(CAMILLE)
        assert account is not None
        assert account.account is not None
        uow.ledger.rewrite_caches(account.account.id, 1, {})
        uow.commit()
    assert main(["ledger", "verify", "--database", database_url]) == 1
    assert "balance is 1" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["ledger", "replay", "--day", "02/03/2026", "--database", database_url])
