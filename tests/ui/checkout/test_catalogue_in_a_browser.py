"""The pages of catalogue, receipts and printers in a real browser: readable at every width, made for everybody."""

import pytest
from playwright.sync_api import expect

from checkout.words import words_for
from loyalty.domain.catalogue import Item
from loyalty.domain.catalogue_edit import ItemDraft, VariationDraft
from loyalty.domain.receipt_settings import ReceiptSettings
from loyalty.services.keep_items import add_item
from messaging.events.code_read import CodeRead
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.test_catalogue_import_page import FILE
from tests.integration.checkout.test_receipt_pages import give_printer, sell_to_camille
from tests.ui.checkout.axe import accessibility_faults
from tests.ui.checkout.conftest import OpenPage
from tests.ui.checkout.served import ServedCounter
from tests.ui.checkout.test_programme_in_a_browser import WIDTHS, shoot_whole


def latte(counter: Counter) -> Item:
    draft = ItemDraft(
        "Latte à la vanille de Madagascar", 450, barcode="3017620422003",
        variations=(VariationDraft("Petit", 400), VariationDraft("Grand", 550, "LAT-G")),
    )  # fmt: skip
    with counter.database.unit_of_work() as unit:
        made = add_item(unit, counter.station.ctx, counter.shop.staff, draft)
        unit.receipts.save_settings(ReceiptSettings(("14, rue de l’Église",), ("SIRET 732 829 320 00074",)))
        unit.commit()
    assert isinstance(made, Item)
    return made


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_usable_and_fits(served: ServedCounter, open_page: OpenPage, width: str) -> None:
    counter = served.counter
    item = latte(counter)
    give_printer(counter, "127.0.0.1:9")
    sale = sell_to_camille(counter)
    counter.station.prints._jobs.join()
    across, down = WIDTHS[width]
    page = open_page("/home", width=across, height=down)
    paths = {
        "catalogue": "/catalogue",
        "catalogue-nothing": "/catalogue?q=4006381333931",
        "catalogue-item": f"/catalogue/{item.id}",
        "catalogue-new": "/catalogue/new?barcode=4006381333931",
        "catalogue-categories": "/catalogue/categories",
        "catalogue-taxes": "/catalogue/taxes",
        "catalogue-import": "/catalogue/import",
        "receipt-settings": "/receipt-settings",
        "lane-printer": "/lanes/1/printer",
        "receipt": f"/receipts/{sale}",
        "receipt-a4": f"/receipts/{sale}?paper=a4",
    }
    faults: list[str] = []

    def look(name: str) -> None:
        shoot_whole(page, f"staff-{name}-{width}")
        too_wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        assert not too_wide, f"{name} at {width} scrolls sideways"
        faults.extend(f"{name} {width}: {fault}" for fault in accessibility_faults(page))

    for name, path in paths.items():
        page.goto(served.address + path)
        look(name)
    page.goto(f"{served.address}/catalogue/import")
    page.locator("#file").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": FILE.encode()})
    page.get_by_role("button", name=words_for("fr").text("Look at the file")).click()
    look("catalogue-import-looked")
    page.goto(f"{served.address}/catalogue/new")
    page.locator("#name").fill("x")
    page.locator("#price").fill("abc")
    page.locator("#barcode").fill("000123456")
    page.locator("form.form button").first.click()
    look("catalogue-new-faults")
    assert faults == []


def test_a_printers_address_is_asked_for_where_it_is(served: ServedCounter, open_page: OpenPage) -> None:
    page = open_page("/lanes/1/printer")
    expect(page.locator("#address")).to_be_visible()
    expect(page.locator("#file")).to_be_hidden()
    page.locator("[name=kind][value=usb]").check()
    expect(page.locator("#file")).to_be_visible()
    expect(page.locator("#address")).to_be_hidden()


def test_an_unknown_code_rises_at_the_till_and_becomes_an_item(
    served: ServedCounter, open_page: OpenPage
) -> None:
    counter = served.counter
    page = open_page("/till/1")
    sale = counter.sell("Croissant")
    page.locator("#ticket .lines").wait_for()
    counter.send(
        counter.envelope(CodeRead(text="4006381333931", symbology="EAN13", source="camera"), sale=sale)
    )
    toast = page.locator(".toast", has_text="4006381333931")
    toast.wait_for()
    with page.context.expect_page() as opened:
        toast.get_by_role("link").click()
    form = opened.value
    expect(form.locator("#barcode")).to_have_value("4006381333931")
    form.locator("#name").fill("Crayon")
    form.locator("#price").fill("1,20")
    form.locator("form.form button").first.click()
    form.wait_for_url("**/catalogue?done=added")
    counter.send(
        counter.envelope(CodeRead(text="4006381333931", symbology="EAN13", source="camera"), sale=sale)
    )
    page.locator("#ticket .lines", has_text="Crayon").wait_for()


def test_a_cashier_is_told_the_code_and_offered_nothing(served: ServedCounter, open_page: OpenPage) -> None:
    counter = served.counter
    page = open_page("/till/1", login="caisse")
    sale = counter.sell("Croissant")
    page.locator("#ticket .lines").wait_for()
    counter.send(
        counter.envelope(CodeRead(text="4006381333931", symbology="EAN13", source="camera"), sale=sale)
    )
    toast = page.locator(".toast", has_text="4006381333931")
    toast.wait_for()
    assert toast.get_by_role("link").count() == 0
