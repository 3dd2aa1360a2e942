"""Two lanes at once, interleaved in two pages: nothing of one is ever seen or booked in the other."""

from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from loyalty.domain.shop import Lane
from messaging.events.code_read import CodeRead
from runtime.ids import new_id
from tests.integration.checkout.counter import Counter
from tests.ui.checkout.axe import accessibility_faults
from tests.ui.checkout.conftest import OpenPage, shoot
from tests.ui.checkout.served import ServedCounter

DEVICES = {1: "s0001.k01", 2: "s0001.k02"}


@pytest.fixture
def counter(served: ServedCounter) -> Counter:
    made = served.counter
    with made.database.unit_of_work() as unit:
        unit.lanes.save(Lane(new_id(), number=2, device=DEVICES[2]))
        unit.commit()
    made.station.settings_changed()
    made.settle()
    made.station.refresher.all_changed()
    made.settle()
    return made


@pytest.fixture
def tills(counter: Counter, open_page: OpenPage) -> dict[int, Page]:
    return {number: open_page(f"/till/{number}", width=1180, height=820) for number in DEVICES}


def sale_of(page: Page) -> UUID:
    return UUID(page.locator("#ticket [name=sale]").first.input_value())


def show_card(counter: Counter, lane: int, page: Page, name: str, session: UUID | None = None) -> None:
    """A member's card at the kiosk of a lane."""
    card = CodeRead(text=counter.card_of(name), symbology="QRCode", source="camera")
    envelope = counter.envelope(card, device=DEVICES[lane], sale=sale_of(page), session=session or new_id())
    counter.send(envelope)


def receipt_of(counter: Counter, sale_id: UUID) -> tuple[list[str], str | None, int, int]:
    """Goods, member, total and points of a paid sale."""
    with counter.database.reading() as unit:
        sale = unit.sales.get(sale_id)
        assert sale is not None
        assert sale.receipt is not None
        who = unit.customers.member(sale.member.customer_id) if sale.member is not None else None
    names = [line.name for line in sale.lines]
    name = who.customer.given_name if who is not None else None
    return names, name, sale.receipt.quote.total_minor, sale.receipt.quote.points_to_earn


def test_lines_members_streams_and_receipts_of_two_lanes_never_mix(
    counter: Counter, tills: dict[int, Page]
) -> None:
    # part of row 171; part of row 211
    one, two = tills[1], tills[2]
    two.get_by_role("button", name="Bougie parfumée").click()
    one.get_by_role("button", name="Tasse en grès").click()
    expect(one.locator("#total")).to_contain_text("16,00")
    expect(two.locator("#total")).to_contain_text("24,00")
    show_card(counter, 2, two, "Idris")
    show_card(counter, 1, one, "Camille")
    two.get_by_role("button", name="Croissant").click()
    expect(two.locator("#member-name")).to_have_text("Idris Benali")
    expect(one.locator("#member-name")).to_have_text("Camille Moreau")
    one.get_by_role("button", name="Café filtre").click()
    expect(two.locator("#total")).to_contain_text("25,40")
    expect(one.locator("#total")).to_contain_text("16,65")  # 18,50 less ten per cent
    for page, own, other in ((one, "Tasse en grès", "Bougie"), (two, "Bougie parfumée", "Tasse")):
        expect(page.locator("#ticket .lines")).to_contain_text(own)
        expect(page.locator("#ticket .lines")).not_to_contain_text(other)
        expect(page.locator(".toast")).to_have_count(1)
    sales = {1: sale_of(one), 2: sale_of(two)}
    two.get_by_role("button", name="Compte juste").click()
    expect(two.locator(".receipt")).to_contain_text("Bougie parfumée")
    expect(one.locator("#ticket.receipt")).to_have_count(0)
    expect(one.locator("#member-name")).to_have_text("Camille Moreau")
    one.get_by_role("button", name="Compte juste").click()
    expect(one.locator(".receipt")).to_be_visible()
    assert receipt_of(counter, sales[1]) == (["Tasse en grès", "Café filtre"], "Camille", 1665, 16)
    assert receipt_of(counter, sales[2]) == (["Bougie parfumée", "Croissant"], "Idris", 2540, 25)


def test_one_member_at_two_lanes_spends_the_last_points_once(
    counter: Counter, tills: dict[int, Page]
) -> None:
    # part of row 168: two lanes, one member, interleaved
    one, two = tills[1], tills[2]
    for page in tills.values():
        page.get_by_role("button", name="Tasse en grès").click()
        expect(page.locator("#total")).to_contain_text("16,00")
    show_card(counter, 1, one, "Camille")  # 34 points
    expect(one.locator("#member-name")).to_have_text("Camille Moreau")
    expect(one.locator(".elsewhere")).to_have_count(0)
    counter.clock.advance(31 * 60)
    show_card(counter, 2, two, "Camille")
    expect(two.locator(".elsewhere")).to_have_text("Aussi à la caisse 1 depuis 11:00")
    expect(one.locator(".elsewhere")).to_have_text("Aussi à la caisse 2 depuis 11:31")  # by itself
    reward = ".reward[data-state=available]", "25 points"
    one.locator(reward[0]).filter(has_text=reward[1]).get_by_role("button").click()
    expect(one.locator(".reduction[data-kind=reward]")).to_be_visible()
    expect(two.locator(".elsewhere")).to_contain_text("25 points y sont déjà promis")
    expect(two.locator("#points")).to_have_text("9")
    expect(two.locator(reward[0]).filter(has_text=reward[1])).to_have_count(0)
    assert accessibility_faults(two) == []
    shoot(two, "till-elsewhere-tablet")
    # somebody touches the button that was there a moment ago
    tier = two.locator(".reward", has_text="25 points").get_attribute("data-tier")
    two.evaluate(
        """([sale, tier]) => fetch("/till/2/rewards", {method: "POST", body: new URLSearchParams({sale, tier})})""",
        [str(sale_of(two)), tier],
    )
    counter.settle()
    expect(two.locator(".reduction[data-kind=reward]")).to_have_count(0)
    # given back in lane 1, it can be had in lane 2 at once
    one.get_by_role("button", name="Retirer", exact=True).click()
    two.locator(reward[0]).filter(has_text=reward[1]).get_by_role("button").click()
    expect(two.locator(".reduction[data-kind=reward]")).to_be_visible()
    expect(one.locator("#points")).to_have_text("9")
    two.get_by_role("button", name="Compte juste").click()
    expect(two.locator(".receipt")).to_be_visible()
    expect(one.locator(".elsewhere")).to_have_count(0)
    expect(one.locator("#points")).to_have_text(str(counter.balance("Camille")))
    one.get_by_role("button", name="Compte juste").click()
    expect(one.locator(".receipt")).to_be_visible()
    # 16,00 less the group's ten per cent; in lane 2 less another ten by the reward: 12,96 and 14,40
    assert counter.balance("Camille") == 34 - 25 + 12 + 14


def test_a_late_card_lands_on_its_own_sale_or_on_none(counter: Counter, tills: dict[int, Page]) -> None:
    # part of row 171
    # part of X14
    one, two = tills[1], tills[2]
    one.get_by_role("button", name="Tasse en grès").click()
    two.get_by_role("button", name="Bougie parfumée").click()
    expect(two.locator("#total")).to_contain_text("24,00")
    shown, session = sale_of(one), new_id()
    card = CodeRead(text=counter.card_of("Zoé"), symbology="QRCode", source="camera")
    late = counter.envelope(card, device=DEVICES[1], sale=shown, session=session)
    one.get_by_role("button", name="Compte juste").click()
    expect(one.locator(".receipt")).to_be_visible()
    one.get_by_role("button", name="Nouvelle vente").click()
    one.get_by_role("button", name="Croissant").click()
    expect(one.locator("#total")).to_contain_text("1,40")
    counter.send(late)  # what the customer before did comes only now
    counter.settle()
    for page in tills.values():
        expect(page.locator("#member.empty")).to_be_visible()
    one.get_by_role("button", name="Compte juste").click()
    expect(one.locator(".receipt")).to_be_visible()
    assert receipt_of(counter, shown)[1] is None
    assert counter.balance("Zoé") == 71


def test_an_item_at_the_kiosk_opens_no_sale(counter: Counter, tills: dict[int, Page]) -> None:
    item = CodeRead(text="3700123400055", symbology="EAN13", source="scanner")
    counter.send(counter.envelope(item, device=DEVICES[1]))
    counter.settle()
    for page in tills.values():
        expect(page.locator(".ticket-empty")).to_be_visible()
    with counter.database.reading() as unit:
        assert [unit.sales.open_in_lane(lane.id) for lane in unit.lanes.all()] == [None, None]
