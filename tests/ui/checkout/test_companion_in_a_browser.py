"""A lane beside another register, in a real browser: by keyboard, at three widths, without faults of axe."""

from playwright.sync_api import expect

from loyalty.domain.shop import Lane
from loyalty.services.register_sale import choose_who_sells
from messaging.events.code_read import CodeRead
from tests.ui.checkout.axe import accessibility_faults
from tests.ui.checkout.conftest import OpenPage, shoot
from tests.ui.checkout.served import ServedCounter


def make_companion(served: ServedCounter) -> None:
    counter = served.counter
    with counter.database.unit_of_work() as unit:
        changed = choose_who_sells(
            unit, counter.station.ctx, counter.shop.lane.id, counter.shop.staff, is_companion=True
        )
        assert isinstance(changed, Lane)
        unit.commit()
    counter.station.settings_changed()
    counter.settle()


def test_a_whole_sale_beside_another_register(served: ServedCounter, open_page: OpenPage) -> None:
    # part of row 195
    make_companion(served)
    counter = served.counter
    sizes = {"desktop": (1280, 800), "tablet": (1024, 768), "phone": (390, 844)}
    pages = {name: open_page("/till/1", width=w, height=h) for name, (w, h) in sizes.items()}
    page = pages["desktop"]

    def all_shoot(state: str, sign: str) -> None:
        for name, each in pages.items():
            expect(each.locator(sign).first).to_be_visible()
            assert each.evaluate("document.documentElement.scrollWidth <= innerWidth"), (state, name)
            shoot(each, f"companion-{state}-{name}")
        assert accessibility_faults(page) == []

    all_shoot("empty", "#stated")
    page.get_by_label("Total TTC affiché par la caisse enregistreuse").fill("34,50")
    page.keyboard.press("Enter")
    expect(page.locator("#total")).to_contain_text("34,50")
    sale = counter.open_sale_id()
    card = CodeRead(text=counter.card_of("Camille"), symbology="QRCode", source="camera")
    counter.send(counter.envelope(card, sale=sale))
    expect(page.locator("#member-name")).to_have_text("Camille Moreau")
    all_shoot("member", "#member-name")
    page.locator(".reward.ready .button").first.click()
    expect(page.locator(".reduction[data-kind=reward]")).to_be_visible()
    all_shoot("reward", ".reduction[data-kind=reward]")
    page.locator("body").press("p")
    expect(page.locator(".receipt")).to_contain_text("Relevé de fidélité, pas une facture")
    all_shoot("recorded", ".receipt")
    settings = open_page("/lanes/1/mode")
    expect(settings.locator("h1")).to_contain_text("Qui vend à la caisse 1")
    shoot(settings, "companion-mode")
    assert accessibility_faults(settings) == []
