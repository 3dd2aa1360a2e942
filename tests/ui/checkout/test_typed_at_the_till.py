"""What a cashier typed and did not send is still there after a reload and after a part was drawn anew."""

from playwright.sync_api import Page, expect

from messaging.events.code_read import CodeRead
from tests.ui.checkout.conftest import OpenPage
from tests.ui.checkout.served import ServedCounter
from tests.ui.checkout.test_companion_in_a_browser import make_companion


def type_payment(page: Page) -> None:
    page.locator("#given").fill("50")
    page.locator("#more-payment summary").click()
    page.locator("#tip").fill("2,50")
    page.locator("#pay-cheque").fill("10")
    page.locator("#more-discount summary").click()
    page.locator("#reason").fill("tasse ébréchée")


def expect_typed(page: Page) -> None:
    for field, value in {
        "given": "50",
        "tip": "2,50",
        "pay-cheque": "10",
        "reason": "tasse ébréchée",
    }.items():
        expect(page.locator(f"#{field}")).to_have_value(value)
    expect(page.locator("#more-payment")).to_have_attribute("open", "")
    expect(page.locator("#more-discount")).to_have_attribute("open", "")


def test_a_scan_and_a_reload_take_nothing_away_that_was_typed(
    served: ServedCounter, open_page: OpenPage
) -> None:
    counter = served.counter
    sale = counter.sell("Tasse en grès")
    page = open_page("/till/1")
    type_payment(page)
    card = CodeRead(text=counter.card_of("Camille"), symbology="QRCode", source="camera")
    counter.send(counter.envelope(card, sale=sale))
    expect(page.locator("#member-name")).to_have_text("Camille Moreau")
    expect_typed(page)
    page.reload()
    expect_typed(page)

    page.locator("#rate").fill("5")
    page.get_by_role("button", name="Accorder la remise").click()
    expect(page.locator(".reduction[data-kind=staff]")).to_be_visible()
    expect(page.locator("#reason")).to_have_value("")  # sent: a second tap gives no second one
    expect(page.locator("#more-discount")).not_to_have_attribute("open", "")
    expect(page.locator("#given")).to_have_value("50")

    page.locator("#tip").fill("abc")
    page.locator("[data-focus=split]").click()
    expect(page.locator("#flash")).to_contain_text("illisible")
    expect(page.locator("#tip")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#tip")).to_be_focused()
    expect(page.locator("#pay-cheque")).to_have_value("10")
    page.keyboard.type("2")
    expect(page.locator("#tip")).not_to_have_attribute("aria-invalid", "true")

    page.goto(f"{served.address}/till/1/member")
    page.locator("#given_name").fill("Nour")
    page.locator("#q").fill("Zo")
    expect(page.locator("#found")).to_contain_text("Zoé")
    page.reload()
    expect(page.locator("#given_name")).to_have_value("Nour")
    expect(page.locator("#q")).to_have_value("Zo")
    expect(page.locator("#found")).to_contain_text("Zoé")

    page.goto(f"{served.address}/till/1")
    expect(page.locator("#given")).to_have_value("50")
    page.get_by_role("button", name="Annuler").click()
    page.get_by_role("button", name="Nouvelle vente").click()
    page.locator(".good", has_text="Croissant").click()
    expect(page.locator("#total")).to_be_visible()
    expect(page.locator("#given")).to_have_value("")  # of the last customer nothing is left
    page.goto(f"{served.address}/till/1/member")
    expect(page.locator("#given_name")).to_have_value("")

    page.goto(f"{served.address}/till/1")
    page.locator("#more-payment summary").click()
    page.locator("[data-focus=all-cheque]").click()
    expect(page.locator(".receipt .totals").last).to_contain_text("Chèque")


def test_the_total_that_was_typed_stays_when_a_card_opens_the_sale(
    served: ServedCounter, open_page: OpenPage
) -> None:
    make_companion(served)
    counter = served.counter
    page = open_page("/till/1")
    page.locator("#stated").fill("34,50")
    assert counter.do(lambda till: till.open()) is None
    expect(page.locator("#ticket")).to_contain_text("La vente est ouverte")
    expect(page.locator("#stated")).to_have_value("34,50")
    page.reload()
    expect(page.locator("#stated")).to_have_value("34,50")
