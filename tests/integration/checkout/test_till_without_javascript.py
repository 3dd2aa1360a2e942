"""A browser without JavaScript at the till: what is refused comes back as it was typed."""

import re

from checkout.till.actions import TillActions
from tests.integration.checkout.browser import run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import HTML, desk
from tests.integration.checkout.test_companion_lane import make_companion
from tests.integration.checkout.test_till_sale import at_till


def values(page: str) -> dict[str, str]:
    """What stands in the fields that somebody can type into, by name."""
    fields = re.findall(r'<input class="input"[^>]*>', page)
    named = ((re.search(r' name="(\w+)"', field), re.search(r' value="([^"]*)"', field)) for field in fields)
    return {name[1]: value[1] for name, value in named if name and value}


def faulty(page: str) -> set[str]:
    return set(re.findall(r'<input class="input"[^>]* name="(\w+)"[^>]*aria-invalid="true"', page))


def test_a_refused_payment_comes_back_as_it_was_typed(counter: Counter) -> None:
    sale = counter.sell("Tasse en grès")
    typed = {"given": "30", "tip": "1,20", "card": "zehn", "gift_card": "5", "cheque": "<b>"}

    async def story() -> None:
        browser = at_till(counter)
        browser.headers["accept-language"] = "fr"
        answer = await browser.send_form("/till/1/pay", sale=str(sale), total="1600", **typed)
        assert (answer.status_code, answer.headers["x-refused"]) == (422, "amount_invalid")
        assert values(answer.text) == {**typed, "cheque": "&lt;b&gt;"}
        assert faulty(answer.text) == {"card", "cheque"}
        assert re.search(r'id="more-payment" open', answer.text)
        assert re.search(r' name="card"[^>]* autofocus', answer.text), (
            "in sight, and the next thing to type in"
        )
        assert "illisible" in answer.text
        assert 'http-equiv="refresh"' not in answer.text, "a page that loads itself anew would forget it"
        refused = await browser.send_form("/till/1/pay", sale=str(sale), total="1", given="30", tip="2")
        assert refused.headers["x-refused"] == "sale_changed"
        assert values(refused.text) == {"given": "30", "tip": "2"}

        later = await browser.get("/till/1", headers=HTML)
        assert values(later.text) == {}
        paid = await browser.send_form("/till/1/pay", sale=str(sale), total="1600", given="30", tip="1,20")
        assert paid.headers["location"] == "/till/1"

    run(story())


def test_a_discount_keeps_its_reason_and_what_belongs_to_another_sale_is_let_go(counter: Counter) -> None:
    sale = counter.sell("Tasse en grès", "Croissant")
    shown = counter.till().sale
    assert shown is not None
    line = str(shown.lines[1].id)

    async def story() -> None:
        browser = at_till(counter)
        form = {"sale": str(sale), "rate": "beaucoup", "reason": "tasse ébréchée", "line": line}
        answer = await browser.send_form("/till/1/discounts", **form)
        assert values(answer.text) == {"rate": "beaucoup", "reason": "tasse ébréchée"}
        assert f'value="{line}" selected' in answer.text
        counter.do(lambda till: TillActions.void(till, sale))
        counter.sell("Croissant")
        other = await browser.send_form("/till/1/discounts", **form)
        assert values(other.text) == {}, "nothing of the last customer stands beside the next"
        unread = await browser.send_form("/till/1/scan", text="000999")
        assert values(unread.text) == {"text": "000999"}

    run(story())


def test_a_total_of_another_register_comes_back_too(counter: Counter) -> None:
    async def story() -> None:
        async with desk(counter) as owner:
            await make_companion(owner)
        answer = await at_till(counter).send_form("/till/1/stated", amount="12,3,4")
        assert values(answer.text) == {"amount": "12,3,4"}
        assert faulty(answer.text) == {"amount"}

    run(story())
