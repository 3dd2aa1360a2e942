"""Hands and scanners that are quicker than a busy station: everything counts, in its order, once."""

from playwright.sync_api import Page, Route, expect

from tests.patience import PATIENCE_MS
from tests.ui.checkout.conftest import OpenPage
from tests.ui.checkout.served import ServedCounter


class BusyStation:
    """Holds every deed of the till back until it is let through, like a station with much to do."""

    def __init__(self, page: Page) -> None:
        self.held: list[Route] = []
        self._page = page
        page.route(lambda address: "/till/1/" in address, self._hold)

    def _hold(self, route: Route) -> None:
        if route.request.method == "POST":
            self.held.append(route)
        else:
            route.fallback()

    def let_through(self) -> None:
        """The one deed that came, and it is never more than one at a time."""
        self.wait_for_one().continue_()

    def hold_no_more(self) -> None:
        self._page.unroute_all()
        for route in self.held:
            route.continue_()
        self.held.clear()

    def wait_for_one(self) -> Route:
        """The deed that came, taken out."""
        for _ in range(int(PATIENCE_MS) // 10):
            if self.held:
                break
            self._page.wait_for_timeout(10)
        (route,) = self.held
        self.held.clear()
        return route


def test_touches_and_codes_that_come_before_the_answer_all_count(
    served: ServedCounter, open_page: OpenPage
) -> None:
    # part of rows 76, 107
    page = open_page("/till/1")
    page.get_by_role("button", name="Nouvelle vente").click()
    expect(page.locator("#ticket")).to_contain_text("Annuler")
    station = BusyStation(page)
    mug = page.locator(".good", has_text="Tasse en grès")
    for touched in (mug, mug, page.locator(".good", has_text="Croissant"), mug):
        touched.click()
    for code in ("3700123400055", "no such code", "3700123400055"):
        page.locator("#scan-text").press_sequentially(code)
        page.keyboard.press("Enter")
        expect(page.locator("#scan-text")).to_have_value("")
    for _ in range(7):
        station.let_through()
    expect(page.locator("#total")).to_contain_text("81,40")
    counted = {line.name: line.quantity for line in served.counter.till().sale.lines}  # type: ignore[union-attr]
    assert counted["Tasse en grès"] + counted["Croissant"] == sum(counted.values()) == 6
    assert counted["Croissant"] == 1


def test_steps_that_come_before_the_answer_all_count(served: ServedCounter, open_page: OpenPage) -> None:
    served.counter.sell("Tasse en grès")
    page = open_page("/till/1")
    station = BusyStation(page)
    more = page.locator("[data-focus^=more-]")
    for _ in range(4):
        more.click()
    for _ in range(4):
        station.let_through()
    expect(page.locator("ul.lines output")).to_have_text("5")
    fewer = page.locator("[data-focus^=less-]")
    for _ in range(6):  # one more than there are: it is off, and stays off without a word
        fewer.click()
    for _ in range(6):
        station.let_through()
    expect(page.locator("ul.lines")).to_have_count(0)
    expect(page.locator("#flash")).to_be_empty()


def test_a_payment_does_not_overtake_the_item_that_was_touched_before_it(
    served: ServedCounter, open_page: OpenPage
) -> None:
    served.counter.sell("Tasse en grès")
    page = open_page("/till/1")
    station = BusyStation(page)
    page.locator(".good", has_text="Croissant").click()
    page.get_by_role("button", name="Compte juste").click()
    station.let_through()
    expect(page.locator("#total")).to_contain_text("17,40")
    station.let_through()
    expect(page.locator("#flash .bad")).to_be_visible()
    station.hold_no_more()
    assert served.counter.till().sale.state == "open"  # type: ignore[union-attr]
    page.get_by_role("button", name="Compte juste").click()
    expect(page.locator(".receipt")).to_contain_text("17,40")


def test_a_deed_that_waited_is_done_also_when_its_button_was_drawn_anew(
    served: ServedCounter, open_page: OpenPage
) -> None:
    served.counter.sell("Tasse en grès")
    page = open_page("/till/1")
    station = BusyStation(page)
    page.locator("#scan-text").fill("no such code")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Compte juste").click()
    page.evaluate(
        "document.getElementById('pay').replaceWith(document.getElementById('pay').cloneNode(true))"
    )
    station.let_through()
    station.let_through()
    expect(page.locator(".receipt")).to_contain_text("16,00")


def test_without_contact_the_code_stands_in_its_field_and_nothing_is_sent_later(
    served: ServedCounter, open_page: OpenPage
) -> None:
    served.counter.sell("Tasse en grès")
    page = open_page("/till/1")
    station = BusyStation(page)
    page.locator("#scan-text").fill("3700123400055")
    page.keyboard.press("Enter")
    page.locator(".good", has_text="Croissant").click()
    station.wait_for_one().abort()
    expect(page.locator("#offline")).to_be_visible()
    expect(page.locator("#scan-text")).to_have_value("3700123400055")
    page.locator("#scan-text").press("Enter")
    station.let_through()
    expect(page.locator("#scan-text")).to_have_value("")
    expect(page.locator("ul.lines output")).to_have_text("2")
    assert [line.name for line in served.counter.till().sale.lines] == ["Tasse en grès"]  # type: ignore[union-attr]
