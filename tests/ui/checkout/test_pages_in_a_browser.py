"""The other pages in a real browser: sign-in, claim, status, health, errors, the demo; and pages without JavaScript."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from loyalty.services.status_link import new_status_link
from messaging.events.code_read import CodeRead
from tests.integration.checkout.counter import DEMO_TOKEN
from tests.patience import PATIENCE_MS
from tests.ui.checkout.conftest import OpenPage, shoot
from tests.ui.checkout.served import ServedCounter


def status_path(served: ServedCounter, given_name: str) -> str:
    counter = served.counter
    with counter.database.unit_of_work() as unit:
        link = new_status_link(unit, counter.station.ctx, counter.customer_id(given_name))
        unit.commit()
    return "/s/" + link.rsplit("/", 1)[1]


def test_pictures_of_the_members_page(served: ServedCounter, open_page: OpenPage) -> None:
    # row 127
    path = status_path(served, "Camille")
    for language in ("fr", "en", "es"):
        page = open_page(f"{path}?language={language}", login=None, width=390, height=844, has_script=False)
        expect(page.frame_locator("iframe.code").locator("svg.qr")).to_be_visible()
        expect(page.locator("#points")).to_have_text("34")
        shoot(page, f"status-{language}-phone")
    page = open_page(path, login=None, width=1280, height=900, has_script=False)
    shoot(page, "status-fr-desktop")
    page = open_page("/s/no-such-link-at-all-here", login=None, width=390, height=844, has_script=False)
    expect(page.locator("h1")).to_have_text("Ce lien n’est pas valable.")
    shoot(page, "status-gone-phone")


def test_pictures_of_signing_in(served: ServedCounter, open_page: OpenPage) -> None:
    page = open_page("/", login=None)
    expect(page.get_by_role("heading", name="Se connecter")).to_be_visible()
    shoot(page, "signin-desktop")
    page.get_by_label("Nom").fill("lucie")
    page.get_by_label("Mot de passe").fill("ce n’est pas le bon")
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("alert")).to_have_text("Nom ou mot de passe incorrect")
    shoot(page, "signin-refused-desktop")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    shoot(open_page("/sign-in", login=None, width=390, height=844), "signin-phone")
    shoot(open_page("/claim?token=abc", login=None, width=1024, height=768), "claim-tablet")
    page = open_page("/nothing-here")
    expect(page.get_by_role("heading", name="Il n’y a rien ici.")).to_be_visible()
    shoot(page, "error-desktop")


def test_pictures_of_health(served: ServedCounter, open_page: OpenPage) -> None:
    served.counter.send_raw(b"{broken")
    page = open_page("/health")
    expect(page.get_by_role("heading", name="L’état du comptoir")).to_be_visible()
    expect(page.locator("table")).to_contain_text("malformed_message")
    shoot(page, "health-desktop")


def test_a_sale_without_javascript(served: ServedCounter, open_page: OpenPage) -> None:
    page = open_page("/till/1", has_script=False, width=1024, height=768)
    page.locator(".good", has_text="Café filtre").click()
    page.get_by_role("button", name="Un « Café filtre » de plus").click()
    expect(page.locator("#total")).to_contain_text("5,00")
    page.get_by_label("Montant reçu").fill("10")
    page.get_by_role("button", name="Encaisser").click()
    expect(page.locator("#change")).to_contain_text("5,00")


def test_a_sale_by_keyboard_alone(served: ServedCounter, open_page: OpenPage) -> None:
    page = open_page("/till/1")
    page.keyboard.press("n")
    expect(page.get_by_text("La vente est ouverte.")).to_be_visible()
    page.locator(".good", has_text="Croissant").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#total")).to_contain_text("1,40")
    page.locator("body").click(position={"x": 5, "y": 400})
    page.keyboard.press("p")
    expect(page.locator(".receipt")).to_be_visible()


def test_what_is_typed_and_focused_survives_a_change_from_outside(
    served: ServedCounter, open_page: OpenPage
) -> None:
    counter = served.counter
    page = open_page("/till/1")
    sale = counter.sell("Tasse en grès")
    page.get_by_label("Montant reçu").fill("20")
    card = CodeRead(text="000123456", symbology="Code128", source="scanner")
    counter.send(counter.envelope(card, sale=sale))
    expect(page.locator("#member-name")).to_be_visible()
    expect(page.get_by_label("Montant reçu")).to_have_value("20")
    expect(page.get_by_label("Montant reçu")).to_be_focused()


def test_a_session_that_is_revoked_leads_back_to_the_sign_in(
    served: ServedCounter, open_page: OpenPage
) -> None:
    # row 211
    page = open_page("/till/1")
    expect(page.locator("#ticket")).to_be_visible()
    counter = served.counter
    with counter.database.unit_of_work() as unit:
        unit.staff_sessions.end_all_of(counter.shop.staff.id, counter.clock.now())
        unit.commit()
    expect(page.get_by_role("heading", name="Se connecter")).to_be_visible(timeout=PATIENCE_MS)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[ServedCounter]:
    made = ServedCounter(tmp_path, is_demo_page=True).start()
    yield made
    made.stop()


def test_the_demo_shows_till_messages_and_hands_side_by_side(demo: ServedCounter, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1600, "height": 1000}, locale="fr-FR")
    page = context.new_page()
    page.goto(f"{demo.address}/demo?token={DEMO_TOKEN}")
    expect(page.get_by_text("DÉMO – rien ici n’est un vrai commerce")).to_be_visible()
    till = page.frame_locator("iframe")
    expect(till.locator("#ticket")).to_be_visible()
    demo.counter.sell("Café filtre")
    expect(till.locator("#total")).to_contain_text("2,50")
    shoot(page, "demo-desktop")
    context.close()
