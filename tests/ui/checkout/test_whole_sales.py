"""A whole sale at the till by touch, by keyboard, and with nothing but a scanner, in a real browser."""

from playwright.sync_api import Page, expect

from checkout.till.commands import Command
from tests.patience import PATIENCE_MS
from tests.ui.checkout.axe import accessibility_faults
from tests.ui.checkout.conftest import OpenPage, shoot
from tests.ui.checkout.served import ServedCounter

CUP = "3700123400055"


def scan(page: Page, text: str) -> None:
    """As a scanner types: fast, and Enter at the end."""
    page.keyboard.type(text, delay=2)
    page.keyboard.press("Enter")


def test_by_touch(served: ServedCounter, open_page: OpenPage) -> None:
    page = open_page("/till/1", width=1024, height=768)
    page.get_by_role("button", name="Tasse en grès").click()
    expect(page.locator("#total")).to_contain_text("16,00")
    page.get_by_role("link", name="Chercher ou ajouter un client").click()
    assert accessibility_faults(page) == []
    page.get_by_label("Nom, partie du numéro ou référence").fill("camil")
    expect(page.locator("#found")).to_contain_text("Camille Moreau")
    shoot(page, "till-find-tablet")
    page.get_by_role("button", name="Mettre sur la vente").first.click()
    expect(page.locator("#member-name")).to_contain_text("Camille")
    expect(page.locator("#about")).to_contain_text("Première visite")
    page.get_by_text("Mixte, pourboire").click()
    page.get_by_label("Pourboire").fill("1")
    page.get_by_label("Carte", exact=True).fill("10")
    assert accessibility_faults(page) == []
    shoot(page, "till-split-tablet")
    page.locator(".split button", has_text="Encaisser").click()
    expect(page.locator(".receipt")).to_contain_text("Pourboire")
    expect(page.locator(".receipt")).to_contain_text("Carte")
    assert accessibility_faults(page) == []


def test_by_keyboard(served: ServedCounter, open_page: OpenPage) -> None:
    page = open_page("/till/1")
    page.keyboard.press("n")
    expect(page.locator("#ticket")).to_contain_text("Annuler")
    page.locator("#scan-text").focus()
    page.keyboard.type(CUP)
    page.keyboard.press("Enter")
    expect(page.locator("#total")).to_contain_text("16,00")
    page.locator("#scan-text").blur()
    page.keyboard.press("/")
    page.wait_for_url("**/till/1/member")
    page.keyboard.type("moreau")
    expect(page.locator("#found")).to_contain_text("Camille")
    page.locator("#found button").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#member-name")).to_contain_text("Camille")
    page.locator("body").press("c")
    expect(page.locator(".receipt")).to_contain_text("Carte")


def test_with_nothing_but_a_scanner(served: ServedCounter, open_page: OpenPage) -> None:
    # row 106
    page = open_page("/till/1")
    scan(page, CUP)
    expect(page.locator("#total")).to_contain_text("16,00")
    scan(page, served.counter.card_of("Camille"))
    expect(page.locator("#member-name")).to_contain_text("Camille")
    scan(page, Command.PAY_CASH.code)
    expect(page.locator(".receipt")).to_contain_text("Payé")
    assert accessibility_faults(page) == []
    page.goto(f"{served.address}/till/1/commands")
    assert accessibility_faults(page) == []
    shoot(page, "till-commands")


def test_with_a_fold_open_the_last_button_is_reached_by_touch(
    served: ServedCounter, open_page: OpenPage
) -> None:
    served.counter.sell("Tasse en grès", "Bougie parfumée", "Croissant", "Café filtre")
    for width, height in ((1180, 820), (1024, 768), (1280, 720)):
        page = open_page("/till/1", width=width, height=height)
        page.get_by_text("Mixte, pourboire").click()
        ticket = page.locator("#ticket")
        ticket.hover()
        for _ in range(12):  # as a finger or a wheel does; a script could scroll what people cannot
            page.mouse.wheel(0, 200)
        page.wait_for_timeout(200)
        box = page.locator(".split .button.wide").bounding_box()
        assert box is not None
        hit = page.evaluate(
            "([x, y]) => document.elementFromPoint(x, y)?.closest('.split .button.wide') !== null",
            [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2],
        )
        assert hit, (width, height, box)
        shoot(page, f"till-fold-{width}")


def test_what_was_done_is_not_said_beside_the_next_sale(served: ServedCounter, open_page: OpenPage) -> None:
    served.counter.sell("Tasse en grès")
    page = open_page("/till/1")
    page.get_by_role("button", name="En attente").click()
    expect(page.locator("#flash")).to_contain_text("en attente")
    expect(page.locator("#flash .said")).to_have_count(0, timeout=PATIENCE_MS)
    page.get_by_label("Code-barres, carte ou référence").fill("NOBODY-KNOWS")
    page.get_by_role("button", name="Lire").click()
    expect(page.locator(".toast, #flash .bad").first).to_be_visible()
