"""The scanner at the till: items, members and the command sheet, in a session of staff alone."""

import pytest

from checkout.till.commands import Command
from messaging.events.code_read import CodeRead
from tests.integration.checkout.browser import Browser, run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import HTML
from tests.integration.checkout.test_till_sale import at_till

CUP, OIL = "3700123400055", "3700123400048"


async def scan(browser: Browser, text: str) -> str:
    """What was refused, or nothing."""
    answer = await browser.send_form("/till/1/scan", text=text)
    return answer.headers.get("x-refused", "")


def test_a_whole_sale_with_nothing_but_the_scanner(counter: Counter) -> None:
    # row 106
    before = counter.balance("Camille")

    async def story() -> None:
        browser = at_till(counter)
        for text in (CUP, OIL, OIL, Command.ONE_LESS.code, counter.card_of("Camille")):
            assert await scan(browser, text) == ""
        sale = counter.till().sale
        assert sale is not None
        assert [(line.name, line.quantity) for line in sale.lines] == [
            ("Tasse en grès", 1),
            ("Huile d’olive, 75 cl", 1),
        ]
        assert sale.member is not None
        assert sale.member.trust == 2
        assert await scan(browser, Command.USE_REWARD.code) == ""
        sale = counter.till().sale
        assert sale is not None
        assert {each.kind for each in sale.discounts} == {"group", "reward"}
        assert await scan(browser, Command.PAY_CASH.code) == ""
        sale = counter.till().sale
        assert sale is not None
        assert sale.state == "paid"
        assert counter.balance("Camille") == before - 25 + sale.points_to_earn

    run(story())


def test_a_sale_is_set_aside_and_taken_up_by_the_sheet(counter: Counter) -> None:
    async def story() -> None:
        browser = at_till(counter)
        await scan(browser, CUP)
        assert await scan(browser, Command.SET_ASIDE.code) == ""
        assert counter.till().sale is None
        assert await scan(browser, Command.TAKE_UP.code) == ""
        assert await scan(browser, Command.CANCEL.code) == ""
        assert counter.till().sale is None
        assert await scan(browser, Command.TAKE_UP.code) == "sale_unknown"
        assert await scan(browser, Command.PAY_CARD.code) == "sale_closed"
        assert await scan(browser, Command.NEW_SALE.code) == ""
        assert await scan(browser, Command.USE_REWARD.code) == "not_enough_points"
        assert await scan(browser, Command.ONE_LESS.code) == "sale_empty"
        assert await scan(browser, Command.APPLY_DISCOUNT.code) == "no_member"

    run(story())


def test_the_customers_scanner_knows_no_command(counter: Counter) -> None:
    sale = counter.sell("Tasse en grès")
    for command in Command:
        counter.send(
            counter.envelope(CodeRead(text=command.code, symbology="QRCode", source="camera"), sale=sale)
        )
    view = counter.till().sale
    assert view is not None
    assert view.state == "open"
    assert len(view.lines) == 1


@pytest.mark.parametrize("text", ["nothing-known", "\x00\x07", "https://example.com/?x=1", "9" * 500])
def test_what_nobody_knows_changes_nothing(counter: Counter, text: str) -> None:
    sale_id = counter.sell("Croissant")

    async def story() -> None:
        browser = at_till(counter)
        assert await scan(browser, text) == "not_recognised"
        sale = counter.till().sale
        assert sale is not None
        assert (sale.id, len(sale.lines), sale.member) == (sale_id, 1, None)

    run(story())


def test_a_reference_typed_by_hand_finds_the_member(counter: Counter) -> None:
    # rows 83, 92
    counter.sell("Croissant")

    async def story() -> None:
        browser = at_till(counter)
        assert await scan(browser, "000123456") == ""
        sale = counter.till().sale
        assert sale is not None
        assert sale.member is not None
        assert (sale.member.name, sale.member.trust) == ("Camille Moreau", 1)

    run(story())


def test_the_command_sheet_shows_every_command(counter: Counter) -> None:
    async def story() -> None:
        page = (
            await at_till(counter).get("/till/1/commands", headers={**HTML, "accept-language": "fr"})
        ).text
        for command in Command:
            assert command.code in page
        assert page.count("<svg") >= len(Command)

    run(story())
