"""Past sales: found again, given back in part or whole, voided, and given a customer afterwards."""

import re
from uuid import UUID

from loyalty.domain.customer import Customer
from loyalty.domain.payment_card import CardEntry, CardToken
from loyalty.domain.pricing.engine import price_sale
from loyalty.domain.refunds import RefundKind
from loyalty.domain.sale import TenderKind
from loyalty.domain.settlement import Offer
from loyalty.domain.staff import Permission
from loyalty.services.complete import Completed, Payment, complete_sale
from loyalty.services.setup import pricing_terms
from messaging.events.code_read import CodeRead
from tests.integration.checkout.browser import OWN, add_staff, run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import HTML, Desk, desk


def sell_to(counter: Counter, given_name: str | None, *items: str) -> UUID:
    """The id of a paid sale."""
    sale = counter.sell(*items)
    if given_name is not None:
        card = CodeRead(text=counter.card_of(given_name), symbology="QRCode", source="camera")
        counter.send(counter.envelope(card, sale=sale))
    counter.pay()
    counter.settle()
    return sale


def balance(counter: Counter, number: str) -> int:
    with counter.database.reading() as unit:
        found = unit.customers.member_by_phone(number)
    assert found is not None
    assert found.account is not None
    return found.account.balance


CAMILLE = "+33612000001"


def key_of(page: str) -> str:
    found = re.search(r'name="key" value="([0-9a-f-]{36})"', page)
    assert found is not None
    return found[1]


async def units_of(browser: Desk, sale_id: UUID) -> tuple[str, list[str]]:
    page = await browser.page(f"/sales/{sale_id}/refund")
    return key_of(page), re.findall(r'name="(units-[0-9a-f-]{36})"', page)


def test_a_sale_is_found_by_day_lane_and_number(counter: Counter) -> None:
    sale_id = sell_to(counter, "Camille", "Tasse en grès")

    async def story() -> None:
        browser = desk(counter)
        listed = await browser.page("/sales", "fr")
        assert f"/sales/{sale_id}" in listed
        assert "14,40 €" in listed
        assert "Aucune vente" in await browser.page("/sales?day=2020-01-01", "fr")
        found = await browser.get("/sales?number=1", headers=HTML)
        assert found.headers["location"] == f"/sales/{sale_id}"
        assert (await browser.get("/sales?number=999", headers=HTML)).status_code == 404
        assert (await browser.get("/sales?number=x%00y", headers=HTML)).status_code == 404
        page = await browser.page(f"/sales/{sale_id}", "fr")
        for text in ("Tasse en grès", "Camille", "Amis de la maison", "TVA 20 %", "14,40 €", "Espèces"):
            assert text in page

    run(story())


def test_goods_come_back_after_a_look_and_once(counter: Counter) -> None:
    # row 175
    before = balance(counter, CAMILLE)
    sale_id = sell_to(counter, "Camille", "Tasse en grès", "Croissant")

    async def story() -> None:
        browser = desk(counter)
        key, units = await units_of(browser, sale_id)
        path = f"/sales/{sale_id}/refund"
        missing = await browser.fill(path, part="lines", key=key, reason="ébréchée")
        assert missing.status_code == 422
        assert "Say what comes back" in missing.text
        form = {"part": "lines", "key": key, units[0]: "1", "reason": "ébréchée"}
        too_many = await browser.fill(path, **{**form, units[0]: "9"})
        assert too_many.status_code == 422
        look = await browser.fill(path, **form)
        assert look.status_code == 200
        assert "14,40" in look.text
        assert "earns 1 point instead of 15" in look.text
        assert balance(counter, CAMILLE) == before + 15
        booked = await browser.fill(path, **form, go="book")
        again = await browser.fill(path, **form, go="book")
        assert booked.status_code == again.status_code == 303
        page = await browser.page(booked.headers["location"])
        assert "ébréchée" in page
        assert balance(counter, CAMILLE) == before + 1
        with counter.database.reading() as unit:
            assert len(unit.refunds.of_sale(sale_id)) == 1

    run(story())


def test_the_whole_sale_goes_back_by_another_tender_and_money_alone_in_part(counter: Counter) -> None:
    # row 175
    sale_id = sell_to(counter, None, "Tasse en grès")

    async def story() -> None:
        browser = desk(counter)
        path = f"/sales/{sale_id}/refund"
        key, _ = await units_of(browser, sale_id)
        gesture = {"part": "amount", "amount": "4", "key": key, "reason": "geste"}
        assert (await browser.fill(path, **{**gesture, "amount": "99"})).status_code == 422
        assert (await browser.fill(path, **gesture, go="book")).status_code == 303
        key, _ = await units_of(browser, sale_id)
        rest = {"part": "whole", "tender": "card", "key": key, "reason": "retour", "go": "book"}
        assert (await browser.fill(path, **rest)).status_code == 303
        with counter.database.reading() as unit:
            refunds = unit.refunds.of_sale(sale_id)
        assert [(each.tenders[0].kind.value, each.tenders[0].amount_minor) for each in refunds] == [
            ("cash", 400),
            ("card", 1200),
        ]
        assert "came back already" in await browser.page(path)

    run(story())


def test_a_void_undoes_the_sale_on_its_day(counter: Counter) -> None:
    # row 175
    before = balance(counter, CAMILLE)
    sale_id = sell_to(counter, "Camille", "Tasse en grès")

    async def story() -> None:
        browser = desk(counter)
        refused = await browser.fill(f"/sales/{sale_id}/void", reason=" ")
        assert refused.status_code == 422
        done = await browser.fill(f"/sales/{sale_id}/void", reason="mauvais client")
        assert done.status_code == 303
        with counter.database.reading() as unit:
            assert [each.kind for each in unit.refunds.of_sale(sale_id)] == [RefundKind.VOID]
        assert balance(counter, CAMILLE) == before

    run(story())


def test_a_customer_is_put_on_a_paid_sale_and_earns(counter: Counter) -> None:
    # row 27
    before = balance(counter, CAMILLE)
    sale_id = sell_to(counter, None, "Tasse en grès")

    async def story() -> None:
        browser = desk(counter)
        path = f"/sales/{sale_id}/attach"
        unknown = await browser.get(f"{path}?member=0699999999", headers=HTML)
        assert unknown.status_code == 422
        found = await browser.page(f"{path}?member=000123456")
        customer = re.search(r'name="customer" value="([0-9a-f-]{36})"', found)
        assert customer is not None
        done = await browser.fill(path, customer=customer[1])
        assert done.status_code == 303
        assert balance(counter, CAMILLE) == before + 16
        assert "Camille" in await browser.page(done.headers["location"])
        assert (await browser.fill(path, customer=customer[1])).status_code == 422

    run(story())


def test_what_a_role_does_not_hold_is_refused_here_too(counter: Counter) -> None:
    # row 211
    sale_id = sell_to(counter, "Camille", "Croissant")
    add_staff(counter, "paul")
    add_staff(counter, "vera", Permission.SELL)

    async def story() -> None:
        nobody, seller = desk(counter, "paul"), desk(counter, "vera")
        assert (await nobody.get("/sales", headers=HTML)).status_code == 403
        page = await seller.page(f"/sales/{sale_id}")
        assert "Camille" not in page
        assert "Give money back" not in page
        for path in ("refund", "void", "attach"):
            answer = await seller.post(
                f"/sales/{sale_id}/{path}", data={"reason": "x"}, headers={"origin": OWN, **HTML}
            )
            assert answer.status_code == 403, path

    run(story())


def test_nobody_touches_a_sale_of_their_own_account(counter: Counter) -> None:
    # part of row 206
    sale_id = sell_to(counter, "Camille", "Croissant")
    with counter.database.unit_of_work() as unit:
        owner = unit.staff.by_login("demo")
        camille = unit.customers.member_by_phone(CAMILLE)
        assert owner is not None
        assert camille is not None
        holder: Customer = camille.customer
        unit.staff.link_customer(owner[0].id, holder.id)
        unit.commit()

    async def story() -> None:
        browser = desk(counter)
        assert "ask a colleague" in await browser.page(f"/sales/{sale_id}")
        form = {"part": "whole", "key": "0" * 32, "reason": "x", "go": "book"}
        answer = await browser.fill(f"/sales/{sale_id}/refund", **form)
        assert answer.status_code == 422
        with counter.database.reading() as unit:
            assert not unit.refunds.of_sale(sale_id)

    run(story())


def test_goods_are_exchanged_for_those_in_a_lanes_sale(counter: Counter) -> None:
    # row 175
    before = balance(counter, CAMILLE)
    sale_id = sell_to(counter, "Camille", "Sac en toile")

    async def story() -> None:
        browser = desk(counter)
        path = f"/sales/{sale_id}/exchange"
        assert "first" in await browser.page(path)
        new_id = counter.sell("Tasse en grès")
        assert "lane 1" in await browser.page(path)
        form = {"part": "whole", "new": str(new_id), "tender": "card", "reason": "trop petit"}
        assert (await browser.fill(path, **{**form, "new": ""})).status_code == 422
        look = await browser.fill(path, **form)
        assert look.status_code == 200
        assert "6,30" in look.text  # 16.00 less 10 % for the cup, 8.10 for the bag
        done = await browser.fill(path, **form, go="book")
        assert done.status_code == 303
        assert "The new sale" in await browser.page(f"/sales/{sale_id}")
        with counter.database.reading() as unit:
            new = unit.sales.get(new_id)
        assert new is not None
        assert new.exchange_of == sale_id
        assert balance(counter, CAMILLE) == before + 14

    run(story())


def test_a_sale_tells_card_digits_and_holder(counter: Counter) -> None:
    # row 1
    sale = counter.sell("Croissant")
    card = CardToken("Visa", "4242", "fp_roux", CardEntry.CHIP_AND_PIN, "ROUX/CAMILLE")
    with counter.database.unit_of_work() as unit:
        ctx, staff = counter.station.ctx, unit.staff.by_login("demo")
        assert staff is not None
        there = unit.sales.get(sale)
        assert there is not None
        total = price_sale(there, pricing_terms(unit, there)).total_minor
        payment = Payment("card", offers=(Offer(TenderKind.CARD, total, card=card),))
        assert isinstance(complete_sale(unit, ctx, sale, payment, staff[0]), Completed)
        unit.commit()

    async def story() -> None:
        async with desk(counter) as owner:
            page = await owner.page(f"/sales/{sale}")
            assert "Visa •••• 4242" in page
            assert ">Camille Roux</a>" in page

    run(story())
