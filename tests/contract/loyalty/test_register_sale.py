"""Sales that another register owns, on each database."""

from dataclasses import replace

import pytest

from loyalty.domain.refunds import WholeSaleBack
from loyalty.domain.register import REGISTER_ITEM_ID, StatedLine
from loyalty.domain.sale import Sale, SaleChannel
from loyalty.domain.staff import Permission
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import PermissionDeniedError
from loyalty.services.basket import add_item, hold_sale, open_sale, resume_sale
from loyalty.services.complete import Completed, Payment, complete_sale
from loyalty.services.context import ServiceContext
from loyalty.services.quote import quote_sale
from loyalty.services.redeem import redeem_by_staff
from loyalty.services.refund import Refunded, RefundOrder, refund_sale
from loyalty.services.register_sale import choose_who_sells, record_paid, state_sale
from loyalty.services.staff_at_sale import attach_by_staff
from tests.fakes.loyalty import InMemoryDatabase
from tests.fakes.shop import CAMILLE, Counter, counter

Database = InMemoryDatabase


def companion(shop: Counter) -> Counter:
    """The demo's shop, with another register selling in its lane."""
    changed = choose_who_sells(shop.uow, shop.ctx, shop.shop.lane.id, shop.staff, is_companion=True)
    assert not isinstance(changed, Refused)
    assert changed.is_companion
    return shop


def stated(shop: Counter, *lines: StatedLine, reference: str | None = None) -> Sale:
    done = state_sale(shop.uow, shop.ctx, shop.shop.lane.id, lines, shop.staff, reference=reference)
    assert isinstance(done, Sale), done
    return done


def reason(answer: object) -> Refusal:
    assert isinstance(answer, Refused), answer
    return answer.reason


def identify(shop: Counter, sale: Sale) -> None:
    camille = shop.member(CAMILLE).customer.id
    done = attach_by_staff(shop.uow, shop.ctx, sale.id, camille, shop.staff, is_checked=True)
    assert not isinstance(done, Refused)


def test_a_stated_total_is_priced_for_the_member_and_recorded_once(
    database: Database, ctx: ServiceContext
) -> None:
    # part of row 195
    with database.unit_of_work() as uow:
        shop = companion(counter(uow, ctx))
        before = shop.balance(CAMILLE)
        sale = stated(shop, StatedLine("Purchase", 2000))
        identify(shop, sale)
        sale = shop.now(sale)
        assert sale.channel is SaleChannel.REGISTER
        assert sale.lines[0].item_id == REGISTER_ITEM_ID
        quote = quote_sale(uow, sale)
        assert [each.kind.value for each in quote.discounts] == ["group"]
        assert quote.taxes == ()
        tier = uow.programme.current().tiers[0]  # type: ignore[union-attr]
        assert isinstance(redeem_by_staff(uow, ctx, sale.id, tier.id, shop.staff), Sale)
        quote = quote_sale(uow, shop.now(sale))
        assert reason(record_paid(uow, ctx, sale.id, shop.staff, charged_minor=2000)) is Refusal.SALE_CHANGED
        for repeat in range(3):
            done = record_paid(uow, ctx, sale.id, shop.staff, charged_minor=quote.total_minor)
            assert isinstance(done, Completed)
            assert done.is_repeated is (repeat > 0)
        assert shop.balance(CAMILLE) == before - tier.points + quote.points_to_earn
        assert quote.points_to_earn > 0
        uow.commit()
    with database.reading() as uow:
        stored = uow.sales.get(sale.id)
        assert stored is not None
        assert stored.channel is SaleChannel.REGISTER
        assert next(lane for lane in uow.lanes.all() if lane.id == sale.lane_id).is_companion


def test_stating_the_same_again_changes_nothing_and_another_total_keeps_the_member(
    database: Database, ctx: ServiceContext
) -> None:
    with database.unit_of_work() as uow:
        shop = companion(counter(uow, ctx))
        sale = stated(shop, StatedLine("Purchase", 2000), reference="r1:1")
        identify(shop, sale)
        same = stated(shop, StatedLine("Purchase", 2000), reference="r1:1")
        assert same == shop.now(sale)
        more = stated(shop, StatedLine("Purchase", 2500), reference="r1:1")
        assert (more.id, more.lines[0].gross_minor) == (sale.id, 2500)
        assert more.member is not None


def test_the_registers_next_sale_never_has_the_last_ones_member(
    database: Database, ctx: ServiceContext
) -> None:
    # part of row 171
    with database.unit_of_work() as uow:
        shop = companion(counter(uow, ctx))
        first = stated(shop, StatedLine("Purchase", 2000), reference="r1:1")
        identify(shop, first)
        second = stated(shop, StatedLine("Purchase", 900), reference="r1:2")
        assert second.id != first.id
        assert second.member is None
        assert shop.now(first).is_settled
        assert shop.now(first).receipt is None
        paid = record_paid(uow, ctx, second.id, shop.staff, charged_minor=None)
        assert isinstance(paid, Completed)
        assert stated(shop, StatedLine("Other", 5), reference="r1:2") == paid.sale


def test_lines_with_a_barcode_are_items_of_the_catalogue_at_the_registers_price(
    database: Database, ctx: ServiceContext
) -> None:
    with database.unit_of_work() as uow:
        shop = companion(counter(uow, ctx))
        sale = stated(shop, StatedLine("Tasse", 1500, 2, "3700123400055"), StatedLine("Divers", 100))
        assert sale.lines[0].item_id == shop.item_id("Tasse en grès")
        assert sale.lines[0].category_id is not None
        assert quote_sale(uow, sale).total_minor == 3100


def test_what_a_register_cannot_have_meant_is_refused(database: Database, ctx: ServiceContext) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        lane = shop.shop.lane.id

        def answer(*lines: StatedLine) -> Refusal:
            return reason(state_sale(uow, ctx, lane, lines, shop.staff))

        assert answer(StatedLine("Purchase", 100)) is Refusal.LANE_SELLS_ITSELF
        companion(shop)
        assert answer() is Refusal.SALE_EMPTY
        assert answer(*[StatedLine("Purchase", 1)] * 201) is Refusal.QUANTITY_OUT_OF_RANGE
        assert answer(StatedLine("\u202e", 100)) is Refusal.NAME_INVALID
        assert answer(StatedLine("Purchase", -1)) is Refusal.AMOUNT_OUT_OF_RANGE
        assert answer(StatedLine("Purchase", 10**9)) is Refusal.AMOUNT_OUT_OF_RANGE
        assert answer(StatedLine("Purchase", 1, 0)) is Refusal.QUANTITY_OUT_OF_RANGE
        assert uow.sales.open_in_lane(lane) is None


def test_a_companion_lane_sells_nothing_itself(database: Database, ctx: ServiceContext) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        usual = shop.sale("Croissant")
        assert reason(record_paid(uow, ctx, usual.id, shop.staff, charged_minor=None)) is (
            Refusal.LANE_SELLS_ITSELF
        )
        lane = shop.shop.lane.id
        assert reason(choose_who_sells(uow, ctx, lane, shop.staff, is_companion=True)) is (
            Refusal.SALE_STILL_OPEN
        )
        hold_sale(uow, usual.id, shop.staff)
        companion(shop)
        assert reason(resume_sale(uow, usual.id, lane, shop.staff)) is Refusal.REGISTER_SELLS
        sale = open_sale(uow, ctx, lane, shop.staff)
        assert isinstance(sale, Sale)
        assert reason(add_item(uow, sale.id, shop.item_id("Croissant"))) is Refusal.REGISTER_SELLS
        stated(shop, StatedLine("Purchase", 100))
        assert reason(complete_sale(uow, ctx, sale.id, Payment("k", 100), shop.staff)) is (
            Refusal.REGISTER_SELLS
        )
        weak = replace(shop.staff, role=replace(shop.staff.role, is_owner=False, permissions=frozenset()))
        with pytest.raises(PermissionDeniedError):
            choose_who_sells(uow, ctx, lane, weak, is_companion=False)
        with pytest.raises(PermissionDeniedError):
            state_sale(uow, ctx, lane, (StatedLine("Purchase", 1),), weak)
        with pytest.raises(PermissionDeniedError):
            record_paid(uow, ctx, sale.id, weak, charged_minor=None)
        assert Permission.SELL not in weak.role.permissions


def test_what_came_back_at_the_register_takes_its_points_back_once(
    database: Database, ctx: ServiceContext
) -> None:
    with database.unit_of_work() as uow:
        shop = companion(counter(uow, ctx))
        before = shop.balance(CAMILLE)
        sale = stated(shop, StatedLine("Purchase", 2000))
        identify(shop, sale)
        assert isinstance(record_paid(uow, ctx, sale.id, shop.staff, charged_minor=None), Completed)
        assert shop.balance(CAMILLE) > before
        order = RefundOrder("back-1", sale.id, WholeSaleBack(), "brought back")
        for _ in range(2):
            assert isinstance(refund_sale(uow, ctx, order, shop.staff), Refunded)
        assert shop.balance(CAMILLE) == before
