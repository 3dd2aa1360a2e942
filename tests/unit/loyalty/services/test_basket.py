from dataclasses import replace

import pytest

from loyalty.domain.sale import Sale, SaleState
from loyalty.domain.shop import Lane
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import ForeignDataError, PermissionDeniedError, UnknownIdError
from loyalty.services.basket import (
    add_item,
    hold_sale,
    open_sale,
    remove_line,
    resume_sale,
    set_quantity,
    void_sale,
)
from loyalty.services.context import ServiceContext
from loyalty.services.demo_shop import fill_demo_shop
from runtime.ids import new_id
from tests.fakes.loyalty import InMemoryDatabase
from tests.fakes.shop import Counter


def reason(answer: object) -> Refusal | None:
    return answer.reason if isinstance(answer, Refused) else None


def test_the_same_item_twice_is_one_line(shop: Counter) -> None:
    sale = shop.sale("Croissant", "Café crème", "Croissant")
    assert [(line.name, line.quantity) for line in sale.lines] == [("Croissant", 2), ("Café crème", 1)]


def test_an_item_whose_price_changed_gets_a_line_of_its_own(shop: Counter) -> None:
    sale = shop.sale("Croissant")
    item = shop.uow.catalogue.item(shop.item_id("Croissant"))
    assert item is not None
    shop.uow.catalogue.save_item(replace(item, price_minor=150))
    changed = add_item(shop.uow, sale.id, item.id)
    assert isinstance(changed, Sale)
    assert [line.unit_price_minor for line in changed.lines] == [140, 150]


def test_quantities_are_changed_within_their_range(shop: Counter) -> None:
    sale = shop.sale("Croissant")
    line_id = sale.lines[0].id
    changed = set_quantity(shop.uow, sale.id, line_id, 12)
    assert isinstance(changed, Sale)
    assert changed.lines[0].quantity == 12
    for quantity in (-1, 1000, 10**9):
        assert reason(set_quantity(shop.uow, sale.id, line_id, quantity)) is Refusal.QUANTITY_OUT_OF_RANGE
    item_id = shop.item_id("Croissant")
    for quantity in (0, -3, 988):
        assert reason(add_item(shop.uow, sale.id, item_id, quantity)) is Refusal.QUANTITY_OUT_OF_RANGE
    emptied = set_quantity(shop.uow, sale.id, line_id, 0)
    assert isinstance(emptied, Sale)
    assert emptied.lines == ()


def test_unknown_items_lines_and_sales_are_refused(shop: Counter) -> None:
    sale = shop.sale("Croissant")
    assert reason(add_item(shop.uow, sale.id, new_id())) is Refusal.ITEM_UNKNOWN
    assert reason(remove_line(shop.uow, sale.id, new_id())) is Refusal.LINE_UNKNOWN
    assert reason(set_quantity(shop.uow, sale.id, new_id(), 1)) is Refusal.LINE_UNKNOWN
    for answer in (
        add_item(shop.uow, new_id(), shop.item_id("Croissant")),
        remove_line(shop.uow, new_id(), new_id()),
        set_quantity(shop.uow, new_id(), new_id(), 1),
        hold_sale(shop.uow, new_id(), shop.staff),
        resume_sale(shop.uow, new_id(), shop.shop.lane.id, shop.staff),
        void_sale(shop.uow, shop.ctx, new_id(), shop.staff),
    ):
        assert reason(answer) is Refusal.SALE_UNKNOWN


def test_a_lane_has_one_open_sale(shop: Counter) -> None:
    sale = shop.sale()
    answer = open_sale(shop.uow, shop.ctx, shop.shop.lane.id, shop.staff)
    assert answer == Refused(Refusal.SALE_ALREADY_OPEN, {"sale": str(sale.id)})
    with pytest.raises(UnknownIdError):
        open_sale(shop.uow, shop.ctx, new_id(), shop.staff)
    nobody = replace(shop.cashier, is_active=False)
    with pytest.raises(PermissionDeniedError):
        open_sale(shop.uow, shop.ctx, shop.shop.lane.id, nobody)


def test_a_held_sale_leaves_the_lane_and_comes_back_to_a_free_one(shop: Counter) -> None:
    first = shop.sale("Croissant")
    hold_sale(shop.uow, first.id, shop.staff)
    assert reason(add_item(shop.uow, first.id, shop.item_id("Croissant"))) is Refusal.SALE_HELD
    second = shop.sale("Café crème")
    busy = resume_sale(shop.uow, first.id, shop.shop.lane.id, shop.staff)
    assert reason(busy) is Refusal.SALE_ALREADY_OPEN
    shop.pay(second)
    back = resume_sale(shop.uow, first.id, shop.shop.lane.id, shop.staff)
    assert isinstance(back, Sale)
    assert back.state is SaleState.OPEN
    assert reason(resume_sale(shop.uow, first.id, shop.shop.lane.id, shop.staff)) is Refusal.SALE_CLOSED


def test_a_real_sale_does_not_come_back_on_a_training_lane(shop: Counter) -> None:
    training = Lane(new_id(), 9, "s0001.k09", is_training=True)
    shop.uow.lanes.save(training)
    sale = shop.sale("Croissant")
    hold_sale(shop.uow, sale.id, shop.staff)
    assert reason(resume_sale(shop.uow, sale.id, training.id, shop.staff)) is Refusal.LANE_UNKNOWN


def test_nothing_changes_in_a_completed_sale(shop: Counter) -> None:
    sale = shop.sale("Croissant")
    shop.pay(sale)
    assert reason(add_item(shop.uow, sale.id, shop.item_id("Croissant"))) is Refusal.SALE_CLOSED
    assert reason(remove_line(shop.uow, sale.id, sale.lines[0].id)) is Refusal.SALE_CLOSED
    assert reason(void_sale(shop.uow, shop.ctx, sale.id, shop.staff)) is Refusal.SALE_CLOSED


def test_the_demo_finds_its_shop_again_and_leaves_any_other_alone(
    database: InMemoryDatabase, ctx: ServiceContext
) -> None:
    with database.unit_of_work() as uow:
        made = fill_demo_shop(uow, ctx)
        assert fill_demo_shop(uow, ctx) == made
        uow.shop.save(replace(made.settings, is_demo=False))
        with pytest.raises(ForeignDataError):
            fill_demo_shop(uow, ctx)


def test_an_empty_database_has_no_shop_to_sell_in(database: InMemoryDatabase, ctx: ServiceContext) -> None:
    with database.unit_of_work() as uow:
        made = fill_demo_shop(uow, ctx)
    with database.unit_of_work() as uow, pytest.raises(UnknownIdError):
        open_sale(uow, ctx, made.lane.id, made.staff)
