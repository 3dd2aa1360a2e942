"""The page of scales' labels in a real browser, at two widths, without faults of axe."""

from playwright.sync_api import expect

from tests.ui.checkout.axe import accessibility_faults
from tests.ui.checkout.conftest import OpenPage, shoot


def test_labels_are_laid_out(open_page: OpenPage) -> None:
    for name, (width, height) in {"desktop": (1280, 800), "phone": (390, 844)}.items():
        page = open_page("/catalogue/labels", width=width, height=height)
        field = page.get_by_label("Dispositions, une par ligne")
        field.fill("32IIIIIPPPPPC")
        page.get_by_role("button", name="Enregistrer").click()
        expect(page.locator("#layouts-fault")).to_be_visible()
        assert accessibility_faults(page) == []
        shoot(page, f"labels-fault-{name}")
        field.fill("22IIIIIPPPPPC")
        page.get_by_role("button", name="Enregistrer").click()
        expect(page.get_by_role("status")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert accessibility_faults(page) == []
        shoot(page, f"labels-{name}")
        page.goto(page.url.replace("/labels?done=saved", ""))
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        shoot(page, f"labels-catalogue-{name}")
