"""The member of a sale, put there by staff: found, made on the spot, or put on it at the receipt."""

import json
import re
from urllib.parse import urlencode
from uuid import UUID

from loyalty.domain.consent import ConsentChannel, ConsentPurpose
from loyalty.domain.filters import Comparator, FilterSet, filters_to_json
from loyalty.domain.filters.spend import Spend
from loyalty.domain.filters.visits import Visits
from loyalty.domain.staff import Permission
from loyalty.domain.why import Refusal
from runtime.ids import new_id
from tests.integration.checkout.browser import OWN, add_staff, run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import HTML, sell_to
from tests.integration.checkout.test_till_sale import at_till

TWICE = FilterSet((Visits(Comparator.AT_LEAST, 2),))
WORDS = "I join the loyalty programme"


def new_customer(sale_id: UUID, **changed: str) -> dict[str, str]:
    return {
        "sale": str(sale_id),
        "key": str(new_id()),
        "given_name": "Nour",
        "phone_number": "06 11 22 33 44",
        "programme": "1",
        "programme_words": WORDS,
        **changed,
    }


def member_name(counter: Counter) -> str | None:
    sale = counter.till().sale
    assert sale is not None
    return sale.member.name if sale.member is not None else None


def test_a_customer_is_found_by_part_of_a_name_and_put_on_the_sale(counter: Counter) -> None:
    # rows 12, 148
    sale_id = counter.sell("Tasse en grès")
    camille = counter.customer_id("Camille")

    async def story() -> None:
        browser = at_till(counter)
        page = await browser.get("/till/1/member?q=camil", headers={**HTML, "accept-language": "fr"})
        assert f'value="{camille}"' in page.text
        assert "06 12 00 00 01" in page.text.replace("\u202f", " ")
        part = await browser.get("/till/1/member/found?q=Moreau")
        assert "Camille" in part.text
        nobody = await browser.get("/till/1/member?q=zzzz", headers={**HTML, "accept-language": "en"})
        assert "Nobody is found" in nobody.text
        form = {"sale": str(sale_id), "customer": str(camille)}
        await browser.send_form("/till/1/member", **form)
        assert member_name(counter) == "Camille Moreau"
        sale = counter.till().sale
        assert sale is not None
        assert sale.member is not None
        assert sale.member.trust == 0
        await browser.send_form("/till/1/member", **form, checked="1")
        sale = counter.till().sale
        assert sale is not None
        assert sale.member is not None
        assert sale.member.trust == 3

    run(story())


def test_what_the_shop_knows_of_the_member_stands_beside_the_sale(counter: Counter) -> None:
    # rows 16, 78
    camille = counter.customer_id("Camille")
    for _ in range(2):
        sale_id = counter.sell("Croissant", "Café crème")

        async def put_on(sale: UUID = sale_id) -> None:
            browser = at_till(counter)
            await browser.send_form("/till/1/member", sale=str(sale), customer=str(camille))

        run(put_on())
        counter.pay()
        counter.settle()
    sale_id = counter.sell("Croissant")

    async def story() -> None:
        browser = at_till(counter)
        await browser.send_form("/till/1/member", sale=str(sale_id), customer=str(camille))
        about = await browser.get("/till/1/about", headers={"accept-language": "en"})
        assert "2 visits" in about.text
        assert "Croissant" in about.text
        assert "/sales/" in about.text

    run(story())


def test_a_new_customer_is_made_during_the_sale_and_enrolled_with_their_word(counter: Counter) -> None:
    # rows 24, 25
    sale_id = counter.sell("Tasse en grès")

    async def story() -> None:
        browser = at_till(counter)
        form = new_customer(sale_id)
        wrong = await browser.send_form("/till/1/member/new", **{**form, "phone_number": "12"})
        assert wrong.status_code == 422
        assert 'value="Nour"' in wrong.text
        taken = await browser.send_form("/till/1/member/new", **{**form, "phone_number": "06 12 00 00 01"})
        assert taken.status_code == 422
        for _ in range(2):  # sent twice, made once
            await browser.send_form("/till/1/member/new", **form)
        assert member_name(counter) == "Nour"
        with counter.database.reading() as unit:
            member = unit.customers.member_by_phone("+33611223344")
            assert member is not None
            assert member.account is not None
            consents = unit.consents.of_customer(member.customer.id)
        assert [(each.purpose, each.channel, each.wording_text) for each in consents] == [
            (ConsentPurpose.PROGRAMME, ConsentChannel.STAFF, WORDS)
        ]
        counter.pay()
        counter.settle()
        with counter.database.reading() as unit:
            member = unit.customers.member_by_phone("+33611223344")
        assert member is not None
        assert member.account is not None
        assert member.account.balance == 16

    run(story())


def test_at_the_receipt_a_customer_still_comes_to_the_sale_until_the_next_begins(counter: Counter) -> None:
    # rows 28, 29
    sale_id = counter.sell("Tasse en grès")
    counter.pay()
    counter.settle()
    camille = counter.customer_id("Camille")
    before = counter.balance("Camille")
    add_staff(counter, "vera", Permission.SELL, Permission.VIEW_CUSTOMERS)

    async def story() -> None:
        browser = at_till(counter, "vera")
        page = await browser.get("/till/1", headers=HTML)
        assert "/till/1/member" in page.text
        form = {"sale": str(sale_id), "customer": str(camille)}
        await browser.send_form("/till/1/member", **form)
        assert counter.balance("Camille") == before + 16
        next_id = counter.sell("Croissant")
        counter.pay()
        counter.settle()
        counter.sell("Croissant")
        late = await browser.send_form("/till/1/member", sale=str(next_id), customer=str(camille))
        assert late.headers["location"] == "/till/1?refused=sale_closed"
        assert counter.balance("Camille") == before + 16

    run(story())


def test_who_may_not_see_customers_finds_and_makes_none(counter: Counter) -> None:
    # row 211
    sale_id = counter.sell("Croissant")
    camille = counter.customer_id("Camille")
    add_staff(counter, "paul", Permission.SELL)

    async def story() -> None:
        browser = at_till(counter, "paul")
        assert (await browser.get("/till/1/member?q=ca", headers=HTML)).status_code == 403
        for path, form in (
            ("/till/1/member", {"sale": str(sale_id), "customer": str(camille)}),
            ("/till/1/member/new", new_customer(sale_id)),
        ):
            answer = await browser.post(path, data=form, headers={"origin": OWN, **HTML})
            assert answer.status_code == 403
        assert (await browser.get("/till/1/about")).text == ""
        assert member_name(counter) is None

    run(story())


def test_the_till_filters_by_what_helps_there_and_the_directory_by_everything(counter: Counter) -> None:
    # row 7
    for _ in range(2):
        sell_to(counter, "Camille", "Croissant")
    sell_to(counter, "Idris", "Croissant")
    sale_id = counter.sell("Tasse en grès")
    add_staff(counter, "nina", Permission.SELL)
    till, spent = "/till/1/customers", FilterSet((Spend(Comparator.AT_LEAST, 1),))

    async def story() -> None:
        browser = at_till(counter)
        everybody = await browser.page(till, "en")
        assert "3 customers" in everybody
        in_directory = await browser.page("/customers", "en")
        here, there = set(_offered(everybody)), set(_offered(in_directory))
        assert here < there, "fewer at the till"
        assert "spend" in there - here
        assert "visits" in here
        typed = {"filters": "", "add": "visits", "comparator": "at_least", "visits": "2", "period": "always"}
        wrong = await browser.get(f"{till}/filter?{urlencode({**typed, 'visits': 'x'})}", headers=HTML)
        assert (wrong.status_code, 'value="x"' in wrong.text) == (422, True)
        answer = await browser.get(f"{till}/filter?{urlencode(typed)}", headers=HTML)
        page = await browser.page(answer.headers["location"], "en")
        assert "1 customer fits" in page
        assert ("Camille Moreau" in page, "Idris" in page) == (True, False)
        and_ready = {"filters": _text(TWICE), "add": "enrolled", "is_enrolled": "no"}
        answer = await browser.get(f"{till}/filter?{urlencode(and_ready)}", headers=HTML)
        assert "0 customers fit" in await browser.page(answer.headers["location"], "en")
        for path in (
            f"{till}/filter?{urlencode({'add': 'spend', 'comparator': 'at_least', 'amount_minor': '1'})}",
            f"{till}?{urlencode({'filters': _text(spent)})}",
        ):
            answer = await browser.get(path, headers=HTML)
            page = answer.text if answer.status_code == 200 else await browser.page(till, "en")
            assert "filter-chip on" not in page, "a filter of the directory alone is not taken"
        assert "filter-chip on" in await browser.page(
            f"/customers?{urlencode({'filters': _text(spent)})}", "en"
        )
        await browser.send_form(
            "/till/1/member", sale=str(sale_id), customer=str(counter.customer_id("Camille"))
        )
        assert member_name(counter) == "Camille Moreau"
        assert (await at_till(counter, "nina").get(till)).status_code == 403

    run(story())


def _offered(page: str) -> list[str]:
    picker = page.split('id="add"')[1].split("</select>", maxsplit=1)[0]
    return re.findall(r'<option value="([a-z_]+)', picker)


def _text(filters: FilterSet) -> str:
    return json.dumps(filters_to_json(filters))


def test_a_receipt_is_over_once_the_next_sale_was_begun_also_where_it_was_set_aside(counter: Counter) -> None:
    # row 29, part of row 171
    paid = counter.sell("Croissant")
    counter.pay()
    counter.clock.advance(5)
    aside = counter.sell("Tasse en grès")
    counter.clock.advance(5)
    assert counter.do(lambda till: till.hold(aside)) is None
    counter.settle()
    assert counter.till().sale is None
    assert counter.link.sales[-1][1].sale is None, "the customer's screen shows nobody's sale"
    camille = counter.customer_id("Camille")
    refused = counter.do(lambda till: till.attach(paid, camille, is_checked=False))
    assert refused is not None
    assert refused.reason is Refusal.SALE_CLOSED
