"""A sale at the till beyond the plain one: several tenders, tips, discounts by hand, set aside and resumed."""

from loyalty.domain.pricing.quote import DiscountKind
from loyalty.domain.sale import TenderKind
from loyalty.domain.staff import Permission
from tests.integration.checkout.browser import OWN, Browser, add_staff, run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import HTML, desk


def at_till(counter: Counter, login: str = "demo") -> Browser:
    made = desk(counter, login)
    made.cookies.set("comptoir_lane", "1")
    return made


def test_a_sale_is_paid_in_several_ways_with_a_tip(counter: Counter) -> None:
    sale_id = counter.sell("Tasse en grès")

    async def story() -> None:
        browser = at_till(counter)
        form = {"sale": str(sale_id), "total": "1600", "tip": "1", "card": "10", "gift_card": "5"}
        wrong = await browser.send_form("/till/1/pay", **{**form, "card": "zehn"})
        assert wrong.headers["x-refused"] == "amount_invalid"
        too_much = await browser.send_form("/till/1/pay", **{**form, "card": "99"})
        assert too_much.headers["x-refused"] == "tendered_too_much"
        paid = await browser.send_form("/till/1/pay", **form)
        assert paid.headers["location"] == "/till/1"
        receipt = counter.till().sale.receipt  # type: ignore[union-attr]
        assert receipt is not None
        assert {each.kind: each.amount_minor for each in receipt.tenders} == {
            "card": 1000,
            "gift_card": 500,
            "cash": 200,
        }
        assert receipt.tip_minor == 100
        page = await browser.get("/till/1", headers={**HTML, "accept-language": "fr"})
        for text in ("Pourboire", "Carte-cadeau", "Espèces"):
            assert text in page.text

    run(story())


def test_one_touch_pays_everything_by_card(counter: Counter) -> None:
    sale_id = counter.sell("Croissant")

    async def story() -> None:
        browser = at_till(counter)
        form = {"sale": str(sale_id), "total": "140", "all_by": "card"}
        for _ in range(2):  # a second touch pays nothing more
            await browser.send_form("/till/1/pay", **form)
        with counter.database.reading() as unit:
            sale = unit.sales.get(sale_id)
        assert sale is not None
        assert sale.receipt is not None
        assert [each.kind for each in sale.receipt.all_tenders] == [TenderKind.CARD]

    run(story())


def test_a_discount_by_hand_asks_for_a_reason_and_comes_off_again(counter: Counter) -> None:
    sale_id = counter.sell("Tasse en grès", "Croissant")

    async def story() -> None:
        browser = at_till(counter)
        sale = counter.till().sale
        assert sale is not None
        line = next(each for each in sale.lines if each.name == "Tasse en grès")
        form = {"sale": str(sale_id), "rate": "25", "line": str(line.id)}
        without = await browser.send_form("/till/1/discounts", **form)
        assert without.headers["x-refused"] == "reason_missing"
        await browser.send_form("/till/1/discounts", **form, reason="ébréchée")
        sale = counter.till().sale
        assert sale is not None
        assert [(each.kind, each.amount_minor) for each in sale.discounts] == [(DiscountKind.STAFF, 400)]
        assert "ébréchée" in (await browser.get("/till/1", headers=HTML)).text
        off = {"sale": str(sale_id), "discount": str(sale.discounts[0].source_id)}
        await browser.send_form("/till/1/discounts/remove", **off)
        sale = counter.till().sale
        assert sale is not None
        assert sale.discounts == ()

    run(story())


def test_without_the_permission_no_discount_is_given(counter: Counter) -> None:
    sale_id = counter.sell("Croissant")
    add_staff(counter, "vera", Permission.SELL)

    async def story() -> None:
        browser = at_till(counter, "vera")
        page = await browser.get("/till/1", headers=HTML)
        assert 'action="/till/1/discounts"' not in page.text
        form = {"sale": str(sale_id), "rate": "25", "reason": "x"}
        answer = await browser.post("/till/1/discounts", data=form, headers={"origin": OWN})
        assert answer.status_code == 403

    run(story())


def test_a_sale_set_aside_leaves_the_lane_and_is_taken_up_again(counter: Counter) -> None:
    sale_id = counter.sell("Tasse en grès")

    async def story() -> None:
        browser = at_till(counter)
        await browser.send_form("/till/1/hold", sale=str(sale_id))
        view = counter.till()
        assert view.sale is None
        assert [(each.id, each.items) for each in view.held] == [(sale_id, 1)]
        counter.sell("Croissant")
        counter.pay()
        counter.settle()
        assert "en attente" in (await browser.get("/till/1", headers={**HTML, "accept-language": "fr"})).text
        await browser.send_form("/till/1/resume", sale=str(sale_id))
        view = counter.till()
        assert view.sale is not None
        assert view.sale.id == sale_id
        assert view.held == ()

    run(story())
