"""The till in a real browser: a whole sale, a member who shows a card, a reward."""

from playwright.sync_api import expect

from messaging.events.code_read import CodeRead
from messaging.events.number_typed import NumberTyped
from tests.integration.checkout.counter import cash
from tests.ui.checkout.conftest import OpenPage, shoot
from tests.ui.checkout.served import ServedCounter


def test_a_whole_sale_with_a_member_and_a_reward(served: ServedCounter, open_page: OpenPage) -> None:
    # rows 76, 79, 107, 112, 173
    counter = served.counter
    page = open_page("/till/1")
    page.wait_for_selector("#ticket")
    shoot(page, "till-empty-desktop")
    page.get_by_role("button", name="Nouvelle vente").click()
    page.locator(".good", has_text="Tasse en grès").click()
    page.locator(".good", has_text="Tasse en grès").click()
    page.locator(".good", has_text="Café filtre").click()
    expect(page.locator("#total")).to_contain_text("34,50")
    sale = counter.open_sale_id()

    card = CodeRead(text=counter.card_of("Camille"), symbology="QRCode", source="camera")
    counter.send(counter.envelope(card, sale=sale))
    expect(page.locator("#member-name")).to_have_text("Camille Moreau")
    expect(page.locator(".toast")).to_contain_text("Camille Moreau")
    discount = page.locator(".reduction[data-kind=group]")
    expect(discount).to_contain_text("10 % pour le groupe « Amis de la maison », sur 34,50 €")
    expect(page.locator(".totals.fine")).to_contain_text("1 point par tranche de 1,00 €, sur 31,05 €")
    expect(page.locator(".reward[data-state=refused]").first).to_contain_text("Encore 26 points")
    shoot(page, "till-member-desktop")

    page.locator(".reward.ready .button").first.click()
    expect(page.locator(".reduction[data-kind=reward]")).to_be_visible()
    shoot(page, "till-reward-desktop")
    page.get_by_role("button", name="Compte juste").click()
    expect(page.locator(".receipt")).to_be_visible()
    expect(page.locator("#balance")).to_contain_text("Nouveau solde")
    shoot(page, "till-receipt-desktop")


def test_pictures_of_every_state_on_tablet_and_phone(served: ServedCounter, open_page: OpenPage) -> None:
    counter = served.counter
    sizes = {"tablet": (1024, 768), "tablet-upright": (768, 1024), "phone": (390, 844)}
    pages = {name: open_page("/till/1", width=w, height=h) for name, (w, h) in sizes.items()}

    def all_shoot(state: str, sign: str) -> None:
        for name, page in pages.items():
            expect(page.locator(sign).first).to_be_visible()
            shoot(page, f"till-{state}-{name}")

    all_shoot("empty", ".ticket-empty")
    sale = counter.sell(
        "Bougie parfumée", "Croissant", "Café crème", "Café crème", "Sablés au beurre", "Sac en toile"
    )
    all_shoot("items", "#total")
    typed = NumberTyped(phone_number="+33612000003", language="fr")
    counter.send(counter.envelope(typed, sale=sale))
    all_shoot("proposal", "#proposal")
    card = CodeRead(text=counter.card_of("Zoé", rotating=True), symbology="QRCode", source="camera")
    counter.send(counter.envelope(card, sale=sale))
    all_shoot("member", ".reduction[data-kind=group]")
    total = counter.till().sale.total_minor  # type: ignore[union-attr]
    assert counter.do(lambda till: till.pay(sale, cash(10_000), total)) is None
    all_shoot("receipt", ".receipt #change")


def test_a_printed_receipt_does_not_tell_whether_a_typed_number_is_known(
    served: ServedCounter, open_page: OpenPage
) -> None:
    # row 170
    # X15
    counter = served.counter

    def printed(who: NumberTyped | CodeRead) -> str:
        sale = counter.sell("Tasse en grès", "Croissant")
        counter.send(counter.envelope(who, sale=sale))
        counter.pay()
        page = open_page("/till/1")
        page.emulate_media(media="print")
        expect(page.locator("#ticket.receipt")).to_be_visible()
        lines = page.locator("body").inner_text().splitlines()
        return "\n".join(line for line in lines if line.strip() and "Ticket" not in line)

    known, unknown = (
        printed(NumberTyped(phone_number=number, language="fr"))
        for number in ("+33612000003", "+33612999999")
    )
    assert known == unknown
    assert "Tasse en grès" in known
    card = CodeRead(text=counter.card_of("Zoé"), symbology="QRCode", source="camera")
    assert "Nouveau solde" in printed(card)
