"""A member's card works alike wherever the shop sells: own till, training, beside a register, held sales."""

from dataclasses import replace
from uuid import UUID

import pytest

from loyalty.domain.group import GroupDiscount
from messaging.events.code_read import CodeRead
from messaging.station.show import MemberShown
from tests.integration.checkout.browser import run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import HTML, desk
from tests.integration.checkout.test_till_sale import at_till


def shown(counter: Counter, sale: UUID, code: str) -> object:
    read = CodeRead(text=code, symbology="Code128", source="scanner")
    return counter.send(counter.envelope(read, sale=sale)).show


def open_sale_in(counter: Counter, kind: str) -> UUID:
    async def companion() -> None:
        async with desk(counter) as owner:
            await owner.fill("/lanes/1/mode", mode="register")
            counter.settle()
            owner.cookies.set("comptoir_lane", "1")
            await owner.fill("/till/1/stated", amount="20,00")

    if kind == "beside a register":
        run(companion())
        return counter.open_sale_id()
    if kind == "training":
        with counter.database.unit_of_work() as unit:
            unit.lanes.save(replace(counter.shop.lane, is_training=True))
            unit.commit()
        counter.station.settings_changed()
        counter.settle()
    sale = counter.sell("Tasse en grès")
    if kind == "taken up again":
        assert counter.do(lambda till: till.hold(sale)) is None
        assert counter.do(lambda till: till.resume(sale)) is None
    return sale


@pytest.mark.parametrize("kind", ["own till", "training", "beside a register", "taken up again"])
def test_a_card_identifies_in_every_kind_of_lane(counter: Counter, kind: str) -> None:
    # row 77: what the hosted product spreads over several applications are kinds of lanes and sales here
    sale = open_sale_in(counter, kind)
    assert isinstance(shown(counter, sale, counter.card_of("Camille")), MemberShown)
    view = counter.till().sale
    assert view is not None
    assert view.member is not None
    assert view.member.name == "Camille Moreau"
    assert [each.kind for each in view.discounts] == ["group"]


def test_a_winery_sees_what_its_member_likes_and_takes_twenty_per_cent_off(counter: Counter) -> None:
    # row 82
    with counter.database.unit_of_work() as unit:
        group = next(each for each in unit.groups.all() if each.name == "Amis de la maison")
        unit.groups.save(replace(group, discount=GroupDiscount(rate_ppm=200_000)))
        customer = unit.customers.get(counter.customer_id("Camille"))
        assert customer is not None
        unit.customers.save(
            replace(customer, preferences="Rouges charpentés, jamais de rosé", version=customer.version + 1)
        )
        unit.commit()
    counter.settle()
    sale = counter.sell("Huile d’olive, 75 cl", "Miel de lavande, 500 g")
    shown(counter, sale, "000123456")  # the barcode that is printed on her member card
    view = counter.till().sale
    assert view is not None
    assert (view.discounts[0].amount_minor, view.total_minor) == (528, 2112)

    async def look() -> None:
        about = await at_till(counter).get("/till/1/about", headers=HTML)
        assert "Rouges charpentés, jamais de rosé" in about.text

    run(look())
    counter.pay()
    paid = counter.till().sale
    assert paid is not None
    assert paid.receipt is not None
    assert paid.receipt.tenders[0].amount_minor == 2112
