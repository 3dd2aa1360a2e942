"""The day's page in a real browser, at two widths."""

import pytest
from playwright.sync_api import expect

from tests.integration.checkout.counter import Counter
from tests.ui.checkout.axe import accessibility_faults
from tests.ui.checkout.conftest import OpenPage
from tests.ui.checkout.served import ServedCounter
from tests.ui.checkout.test_programme_in_a_browser import WIDTHS, shoot_whole


def sell(counter: Counter, *items: str) -> None:
    counter.sell(*items)
    counter.pay()
    counter.settle()


@pytest.mark.parametrize("width", ["phone", "desktop"])
def test_the_day_is_counted_and_closed(served: ServedCounter, open_page: OpenPage, width: str) -> None:
    for items in (
        ("Croissant", "Café crème"),
        ("Tasse en grès",),
        ("Miel de lavande, 500 g", "Sac en toile"),
    ):
        sell(served.counter, *items)
    wide, high = WIDTHS[width]
    page = open_page("/day", width=wide, height=high)
    assert accessibility_faults(page) == []
    shoot_whole(page, f"day-{width}")
    page.get_by_label("Fond de caisse du matin").fill("100")
    page.get_by_label("Espèces comptées maintenant").fill("141,40")
    page.get_by_role("button", name="Clôturer la caisse 1").click()
    expect(page.locator("main")).to_contain_text("Ces chiffres ne changeront plus")
    assert accessibility_faults(page) == []
    shoot_whole(page, f"day-close-{width}")
    page.goto(f"{served.address}/day")
    expect(page.locator("table").last).to_contain_text("nº 1")
    assert accessibility_faults(page) == []
