"""The receipt by e-mail, asked for on the till page."""

from dataclasses import replace

import httpx

from loyalty.domain.message import MemberMessage, MessageKind
from messaging.events.code_read import CodeRead
from tests.integration.checkout.browser import Browser, run
from tests.integration.checkout.counter import Counter

MAILBOX = "zoe.martin@example.org"


def letters(counter: Counter) -> list[MemberMessage]:
    counter.settle()
    with counter.database.reading() as unit:
        return [each for each in unit.messages.recent(20) if each.kind is MessageKind.RECEIPT]


def give_mailbox(counter: Counter, given_name: str) -> None:
    with counter.database.unit_of_work() as unit:
        customer = unit.customers.get(counter.customer_id(given_name))
        assert customer is not None
        unit.customers.save(replace(customer, email_address=MAILBOX, version=customer.version + 1))
        unit.commit()


def sold_to(counter: Counter, given_name: str) -> str:
    """A paid sale of a member who showed the card; its id."""
    sale = counter.sell("Tasse en grès")
    card = counter.card_of(given_name)
    counter.send(counter.envelope(CodeRead(text=card, symbology="QRCode", source="scanner"), sale=sale))
    counter.pay()
    return str(sale)


async def send(browser: Browser, **fields: str) -> httpx.Response:
    await browser.get("/till/1")
    return await browser.send_form("/till/1/receipt", **fields)


def test_the_receipt_goes_to_a_typed_address(counter: Counter) -> None:
    # row 152
    sale = sold_to(counter, "Camille")

    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in()
            page = (await browser.get("/till/1")).text
            assert 'action="/till/1/receipt"' in page
            answer = await send(browser, sale=sale, to="paul@example.org")
            assert answer.headers["location"] == "/till/1?done=receipt"
            assert "Le ticket est en route" in (await browser.get("/till/1?done=receipt")).text
            refused = await send(browser, sale=sale, to="paul@@example")
            assert refused.headers["x-refused"] == "email_address_invalid"

    run(story())
    (letter,) = letters(counter)
    assert letter.to == "paul@example.org"
    assert "Tasse en grès" in letter.body
    assert "Camille" not in letter.body
    assert letter.html is not None
    assert "Camille" not in letter.html


def test_a_known_mailbox_is_masked_for_who_may_not_see_it_and_used_all_the_same(counter: Counter) -> None:
    # part of row 9
    give_mailbox(counter, "Camille")
    sale = sold_to(counter, "Camille")

    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in("caisse")
            page = (await browser.get("/till/1")).text
            assert MAILBOX not in page
            assert "z•••@•••.org" in page
            assert MAILBOX not in (await browser.get("/till/1/state")).text
            assert (await send(browser, sale=sale, to="")).headers["location"] == "/till/1?done=receipt"
        async with Browser(counter) as browser:
            browser.sign_in()
            assert MAILBOX in (await browser.get("/till/1")).text

    run(story())
    assert [letter.to for letter in letters(counter)] == [MAILBOX]


def test_another_lane_and_another_browser_are_refused(counter: Counter) -> None:
    # part of row 211
    sale = sold_to(counter, "Camille")

    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in(lane=2)
            refused = await browser.send_form("/till/1/receipt", sale=sale, to="paul@example.org")
            assert refused.status_code == 403
            browser.sign_in()
            other = await send(browser, sale="00000000-0000-7000-8000-000000000001", to="paul@example.org")
            assert other.headers["x-refused"] == "sale_unknown"
            long = await send(browser, sale=sale, to="x" * 301 + "@example.org")
            assert long.status_code == 422

    run(story())
    assert letters(counter) == []
