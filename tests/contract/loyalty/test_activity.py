"""What customers did, kept in step with sales, refunds, late attachments and merges; smart groups at the till."""

from dataclasses import replace

import pytest

from loyalty.domain.activity import ActivitySummary
from loyalty.domain.filters import Comparator, FilterSet, Moment, Period, PeriodKind
from loyalty.domain.filters.items_bought import ItemsBought
from loyalty.domain.filters.last_visit import LastVisit
from loyalty.domain.filters.sms_subscribers import SmsSubscribers
from loyalty.domain.filters.visits import Visits
from loyalty.domain.group import Group, GroupDiscount
from loyalty.domain.refunds import LinesBack, WholeSaleBack
from loyalty.domain.sale import Sale, TenderKind
from loyalty.services.activity import rebuild_activity, verify_activity
from loyalty.services.basket import void_sale
from loyalty.services.context import ServiceContext
from loyalty.services.identify import read_code
from loyalty.services.late_attachment import attach_to_completed
from loyalty.services.quote import quote_sale
from loyalty.services.refund import Refunded, RefundOrder, refund_sale, void_completed_sale
from runtime.ids import new_id
from tests.fakes.clock import FakeClock
from tests.fakes.loyalty import InMemoryDatabase as Database
from tests.fakes.shop import CAMILLE, IDRIS, SIGNER, ZOE, Counter, counter, evidence

CUP, CANDLE, COFFEE = "Tasse en grès", "Bougie parfumée", "Café crème"


def bought(shop: Counter, number: str, *names: str) -> Sale:
    """A paid sale of these items with the member of the number on it."""
    sale = shop.sale(*names)
    read_code(shop.uow, shop.ctx, evidence(sale), SIGNER.static(shop.card(number).id))
    return shop.pay(sale, key=f"pay-{sale.id}").sale


def summary(shop: Counter, number: str) -> ActivitySummary:
    return shop.uow.activity.summary(shop.member(number).customer.id)


def assert_all_is_in_step(shop: Counter) -> None:
    report = verify_activity(shop.uow)
    assert report.faults == ()
    assert report.customers >= 3


def test_visits_are_summed_up_as_they_happen(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        sales = []
        for _ in range(7):
            clock.advance(3600)
            sales.append(bought(shop, IDRIS, COFFEE))
        now = summary(shop, IDRIS)
        assert (now.visits, now.spend_minor, now.tenders) == (7, 7 * 320, frozenset({TenderKind.CASH}))
        assert now.first_visit_at == sales[0].closed_at
        assert now.recent_visits == tuple(sale.closed_at for sale in sales[:1:-1])
        assert summary(shop, ZOE) == ActivitySummary()
        assert_all_is_in_step(shop)


def test_what_came_back_whole_or_was_voided_is_no_visit(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    # X13
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        first = bought(shop, IDRIS, CUP)
        clock.advance(3600)
        second = bought(shop, IDRIS, CUP, CANDLE)
        clock.advance(60)
        third = bought(shop, IDRIS, COFFEE)
        given_up = shop.sale(COFFEE)
        read_code(uow, ctx, evidence(given_up), SIGNER.static(shop.card(IDRIS).id))
        void_sale(uow, ctx, given_up.id, shop.staff)
        voided = void_completed_sale(uow, ctx, third.id, shop.staff, key="v", reason="erreur")
        assert isinstance(voided, Refunded)
        candle = next(line for line in second.lines if line.name == CANDLE)
        part = RefundOrder("r1", second.id, LinesBack(((candle.id, 1),)), "cassée")
        assert isinstance(refund_sale(uow, ctx, part, shop.staff), Refunded)
        now = summary(shop, IDRIS)
        assert (now.visits, now.spend_minor) == (2, 3200)
        assert now.last_visit_at == second.closed_at
        kept = {
            each.item_id
            for one in uow.activity.purchases(shop.member(IDRIS).customer.id)
            for each in one.goods
        }
        assert kept == {shop.item_id(CUP)}
        whole = RefundOrder("r2", second.id, WholeSaleBack(), "retour")
        assert isinstance(refund_sale(uow, ctx, whole, shop.staff), Refunded)
        assert summary(shop, IDRIS).recent_visits == (first.closed_at,)
        assert_all_is_in_step(shop)


def test_a_customer_who_comes_late_has_visited_when_the_sale_was(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        early = shop.pay(shop.sale(CUP), key="early").sale
        clock.advance(3600)
        later = bought(shop, IDRIS, COFFEE)
        attach_to_completed(uow, ctx, early.id, shop.member(IDRIS).customer.id, shop.staff)
        assert summary(shop, IDRIS).recent_visits == (later.closed_at, early.closed_at)
        assert summary(shop, IDRIS).first_visit_at == early.closed_at
        assert_all_is_in_step(shop)


def test_merged_profiles_have_one_past_and_part_again(database: Database, ctx: ServiceContext) -> None:
    # row 182 in part: what customers did
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        bought(shop, IDRIS, CUP)
        bought(shop, ZOE, COFFEE)
        idris, zoe = shop.member(IDRIS).customer, shop.member(ZOE).customer
        uow.customers.save(replace(zoe, merged_into=idris.id, version=zoe.version + 1))
        for each in (zoe.id, idris.id):
            rebuild_activity(uow, each)
        assert uow.activity.summary(idris.id).visits == 2
        assert uow.activity.summary(zoe.id).visits == 0
        assert_all_is_in_step(shop)
        uow.customers.save(replace(zoe, version=zoe.version + 2))
        for each in (zoe.id, idris.id):
            rebuild_activity(uow, each)
        assert uow.activity.summary(idris.id).visits == 1
        assert uow.activity.summary(zoe.id).visits == 1
        assert_all_is_in_step(shop)


@pytest.mark.parametrize("number", [IDRIS, CAMILLE])
def test_a_smart_group_gives_its_discount_as_soon_as_a_member_is_attached(
    database: Database, ctx: ServiceContext, clock: FakeClock, number: str
) -> None:
    # rows 73, 110, 111, 112
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        regulars = Group(new_id(), "Fidèles du café", GroupDiscount(200_000))
        uow.groups.add(regulars)
        twice = Visits(Comparator.AT_LEAST, 2, Period(PeriodKind.DAYS, 7))
        coffee = ItemsBought(frozenset({shop.item_id(COFFEE)}))
        uow.groups.put_filters(regulars.id, FilterSet((twice, coffee)))
        for _ in range(2):
            bought(shop, number, COFFEE)
            clock.advance(60)
        sale = shop.sale(CUP)
        read_code(uow, ctx, evidence(sale), SIGNER.static(shop.card(number).id))
        quote = quote_sale(uow, shop.now(sale))
        assert [discount.name for discount in quote.discounts] == ["Fidèles du café"]
        assert quote.discount_minor == 320
        shop.pay(sale, key="after")
        clock.advance(8 * 24 * 3600)
        late = shop.sale(CUP)
        read_code(uow, ctx, evidence(late), SIGNER.static(shop.card(number).id))
        assert [each.name for each in quote_sale(uow, shop.now(late)).discounts] != ["Fidèles du café"]


def test_a_group_that_names_something_gone_is_empty_and_says_so(
    database: Database, ctx: ServiceContext
) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        bought(shop, IDRIS, COFFEE)
        lost = Group(new_id(), "Perdus", GroupDiscount(500_000))
        uow.groups.add(lost)
        filters = FilterSet((ItemsBought(frozenset({new_id()}), has_bought=False), SmsSubscribers()))
        uow.groups.put_filters(lost.id, filters)
        moment = Moment(ctx.clock.now(), "Europe/Paris")
        missing = uow.groups.smart()[lost.id].missing(uow.groups.known())
        assert [each.noun.value for each in missing] == ["item"]
        condition = filters.condition(uow.groups.known())
        assert uow.directory.count(condition, moment) == 0
        assert lost not in uow.groups.of_customer(shop.member(IDRIS).customer.id, moment)


def test_who_has_not_come_for_eight_weeks_to_the_microsecond(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    # row 46
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        at = bought(shop, IDRIS, COFFEE).closed_at
        assert at is not None
        lapsed = FilterSet((LastVisit(False, Period(PeriodKind.WEEKS, 8)), Visits(Comparator.AT_LEAST, 1)))
        condition = lapsed.condition(uow.groups.known())
        leaves = Period(PeriodKind.WEEKS, 8).leaves_at(at, "Europe/Paris")
        assert leaves is not None
        tick = Period(PeriodKind.WEEKS, 8).span(Moment(leaves, "Europe/Paris")).since
        assert tick is not None
        assert tick > at
        before = leaves - (tick - at)
        assert uow.directory.count(condition, Moment(before, "Europe/Paris")) == 0
        assert uow.directory.count(condition, Moment(leaves, "Europe/Paris")) == 1
