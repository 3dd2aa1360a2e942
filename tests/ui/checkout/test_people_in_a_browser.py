"""Staff, rights and the privacy of customers in a real browser: looked at, at a phone's and a desk's width."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.ui.checkout.axe import accessibility_faults
from tests.ui.checkout.conftest import SHOTS, OpenPage
from tests.ui.checkout.served import ServedCounter

WIDTHS = {"phone": (390, 844), "desktop": (1440, 900)}


def _role(served: ServedCounter, name: str) -> str:
    with served.counter.database.reading() as unit:
        return f"/staff/roles/{next(role.id for role in unit.staff.roles() if role.name == name)}"


def _staff(served: ServedCounter, login: str) -> str:
    with served.counter.database.reading() as unit:
        found = unit.staff.by_login(login)
    assert found is not None
    return f"/staff/{found[0].id}"


PAGES: dict[str, Callable[[ServedCounter], str]] = {
    "staff": lambda served: "/staff",
    "staff-new": lambda served: "/staff/new",
    "staff-one": lambda served: _staff(served, "caisse"),
    "roles": lambda served: "/staff/roles",
    "audit": lambda served: "/audit",
    "privacy": lambda served: "/settings/privacy",
    "account": lambda served: "/account",
    "switch": lambda served: "/till/1/switch",
    "role": lambda served: _role(served, "cashier"),
    "consents": lambda served: f"/customers/{served.counter.customer_id('Camille')}/consents",
    "copy": lambda served: f"/customers/{served.counter.customer_id('Camille')}/export",
    "erase": lambda served: f"/customers/{served.counter.customer_id('Camille')}/erase",
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_at_each_width(
    served: ServedCounter, open_page: OpenPage, name: str, width: str
) -> None:
    served.session_cookie("caisse")
    first = "/till/1" if name == "switch" else PAGES[name](served)  # a browser takes its lane first
    page = open_page(first, width=WIDTHS[width][0], height=WIDTHS[width][1])
    page.goto(served.address + PAGES[name](served))
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"people-{name}-{width}.png", full_page=True)
    assert accessibility_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_role_is_made_by_keyboard_and_without_a_script(served: ServedCounter, open_page: OpenPage) -> None:
    page = open_page("/staff/roles/new?like=cashier", has_script=False)
    page.get_by_label("Nom du rôle").fill("Vendeuse")
    page.get_by_label(re.compile("^Voir les coordonnées")).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Le rôle est enregistré.")
    made = page.get_by_role("article").filter(has_text="Vendeuse")
    expect(made).to_contain_text("Voir les coordonnées")
    expect(made).to_contain_text("0 personne")
