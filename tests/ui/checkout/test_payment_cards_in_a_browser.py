"""The question at the receipt and the list on the profile, on a phone and a desktop, without faults of axe."""

from playwright.sync_api import expect

from loyalty.domain.payment_card import CardEntry, CardToken
from loyalty.domain.register import StatedLine
from loyalty.domain.sale import Sale
from loyalty.services.close_sale import Completed
from loyalty.services.register_sale import record_paid, state_sale
from tests.ui.checkout.axe import accessibility_faults
from tests.ui.checkout.conftest import OpenPage, shoot
from tests.ui.checkout.served import ServedCounter
from tests.ui.checkout.test_companion_in_a_browser import make_companion

CARD = CardToken("Visa", "4242", "tok_7Jw0aQ", CardEntry.CHIP_AND_PIN, "ROUX/CAMILLE")


def test_a_card_is_linked_at_the_receipt_and_unlinked_on_the_profile(
    served: ServedCounter, open_page: OpenPage
) -> None:
    # part of row 145
    make_companion(served)
    counter = served.counter
    camille = counter.customer_id("Camille")
    with counter.database.unit_of_work() as unit:
        ctx, shop = counter.station.ctx, counter.shop
        sale = state_sale(unit, ctx, shop.lane.id, [StatedLine("Achat", 3450)], shop.staff)
        assert isinstance(sale, Sale)
        paid = record_paid(unit, ctx, sale.id, shop.staff, charged_minor=3450, card=CARD)
        assert isinstance(paid, Completed)
        unit.commit()
    counter.station.refresher.all_changed()
    counter.settle()
    pages = {"desktop": open_page("/till/1"), "phone": open_page("/till/1", width=390, height=844)}
    for name, page in pages.items():
        expect(page.locator("#member")).to_contain_text("Payé avec la carte de Camille Roux")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        shoot(page, f"card-nobodys-{name}")
    assert accessibility_faults(pages["phone"]) == []

    assert counter.do(lambda till: till.attach(sale.id, camille, is_checked=False)) is None
    for name, page in pages.items():
        expect(page.locator(".link-card")).to_contain_text("Associer Visa •••• 4242 à Camille Moreau ?")
        shoot(page, f"card-asked-{name}")
    assert accessibility_faults(pages["phone"]) == []
    pages["phone"].locator(".link-card button").click()
    for page in pages.values():
        expect(page.locator(".link-card")).to_have_count(0)
    expect(pages["phone"].locator("#flash")).to_contain_text("La carte est associée")

    profile = open_page(f"/customers/{camille}", width=390, height=844)
    section = profile.locator("section", has=profile.locator("#payment-cards"))
    expect(section).to_contain_text("Visa •••• 4242")
    section.get_by_text("Dissocier").first.click()
    assert accessibility_faults(profile) == []
    shoot(profile, "card-on-profile-phone")
    section.get_by_role("button", name="Oui, dissocier la carte").click()
    expect(profile.locator(".note.good")).to_contain_text("ne dit plus rien du client")
