"""Past sales and refunds in a real browser, at two widths."""

import pytest
from playwright.sync_api import expect

from tests.integration.checkout.test_sales_pages import sell_to
from tests.ui.checkout.axe import accessibility_faults
from tests.ui.checkout.conftest import OpenPage
from tests.ui.checkout.served import ServedCounter
from tests.ui.checkout.test_programme_in_a_browser import WIDTHS, shoot_whole


@pytest.mark.parametrize("width", ["phone", "desktop"])
def test_a_sale_is_found_and_part_of_it_comes_back(
    served: ServedCounter, open_page: OpenPage, width: str
) -> None:
    for who, items in ((None, ("Croissant",)), ("Camille", ("Tasse en grès", "Croissant", "Croissant"))):
        sell_to(served.counter, who, *items)
    wide, high = WIDTHS[width]
    page = open_page("/sales", width=wide, height=high)
    assert accessibility_faults(page) == []
    shoot_whole(page, f"sales-{width}")
    page.get_by_role("link", name="2", exact=True).click()
    assert accessibility_faults(page) == []
    shoot_whole(page, f"sale-{width}")
    page.get_by_role("link", name="Rendre l’argent").click()
    page.get_by_label("Tasse en grès").fill("1")
    page.get_by_label("Pourquoi").first.fill("ébréchée")
    assert accessibility_faults(page) == []
    shoot_whole(page, f"refund-{width}")
    page.get_by_role("button", name="Vérifier d’abord").click()
    expect(page.get_by_role("button", name="Rendre 14,40")).to_be_visible()
    assert accessibility_faults(page) == []
    shoot_whole(page, f"refund-look-{width}")
    page.get_by_role("button", name="Rendre 14,40").click()
    expect(page.locator("main")).to_contain_text("Le remboursement est enregistré")
    assert accessibility_faults(page) == []
    shoot_whole(page, f"sale-refunded-{width}")
