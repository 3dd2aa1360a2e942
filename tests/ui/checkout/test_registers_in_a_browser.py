"""The page of registers in a real browser: made by keyboard, the key shown once, at two widths, no fault of axe."""

from playwright.sync_api import expect

from tests.integration.checkout.registers import make_companion
from tests.ui.checkout.axe import accessibility_faults
from tests.ui.checkout.conftest import OpenPage, shoot
from tests.ui.checkout.served import ServedCounter


def test_a_register_is_made_and_shut_out(served: ServedCounter, open_page: OpenPage) -> None:
    # part of row 195
    make_companion(served.counter)
    sizes = {"desktop": (1280, 800), "phone": (390, 844)}
    pages = {
        name: open_page("/settings/registers", width=width, height=height)
        for name, (width, height) in sizes.items()
    }

    def all_shoot(state: str) -> None:
        for name, each in pages.items():
            assert each.evaluate("document.documentElement.scrollWidth <= innerWidth"), (state, name)
            shoot(each, f"registers-{state}-{name}")
            assert accessibility_faults(each) == []

    all_shoot("empty")
    page = pages["phone"]
    page.get_by_role("button", name="Ajouter la caisse et créer sa clé").focus()
    page.get_by_label("Nom", exact=True).last.fill("Caisse avant")
    page.keyboard.press("Enter")
    expect(page.locator(".fault").first).to_be_visible()
    pages["desktop"].get_by_label("Nom", exact=True).last.fill("")
    shoot(page, "registers-fault-phone")
    assert accessibility_faults(page) == []
    page.get_by_label("Caisse 1").last.check()
    page.get_by_role("button", name="Ajouter la caisse et créer sa clé").click()
    expect(page.locator(".fresh-key")).to_contain_text("register_")
    shoot(page, "registers-key-phone")
    assert accessibility_faults(page) == []
    page.reload()
    expect(page.locator(".fresh-key")).to_have_count(0)
    pages["desktop"].goto(f"{served.address}/settings/registers")
    expect(pages["desktop"].get_by_role("heading", name="Caisse avant")).to_be_visible()
    all_shoot("one")
    wide = pages["desktop"]
    wide.get_by_role("button", name="Créer une nouvelle clé").click()
    expect(wide.locator(".fresh-key")).to_be_visible()
    shoot(wide, "registers-key-desktop")
    wide.get_by_role("button", name="Fermer l’accès").click()
    expect(wide.get_by_role("heading", name="Accès fermé")).to_be_visible()
    all_shoot("gone")
