"""Who pays with the card that is linked to their profile: where that shows, and where it must not."""

from loyalty.domain.payment_card import CardToken
from loyalty.domain.shop import Lane
from loyalty.services.attach import Identified
from loyalty.services.payment_card import identify_by_card, link_card
from runtime.ids import new_id
from tests.integration.checkout.browser import Browser, run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import HTML

CARD = CardToken("VISA", "4242", "terminal-token-one")


def test_the_rewards_of_a_linked_card_show_at_the_lane_where_it_pays_and_nowhere_else(
    counter: Counter,
) -> None:
    # row 147: at the till and the kiosk of the lane where it pays; in no other lane, on no page without a sale
    with counter.database.unit_of_work() as unit:
        unit.lanes.save(Lane(new_id(), number=2, device="s0001.k02"))
        link_card(unit, counter.station.ctx, counter.customer_id("Camille"), CARD, counter.shop.staff)
        unit.commit()
    counter.station.settings_changed()
    counter.settle()
    sale = counter.sell("Tasse en grès")
    told_before = len(counter.link.others)
    with counter.database.unit_of_work() as unit:
        found = identify_by_card(unit, counter.station.ctx, sale, CARD, counter.shop.staff)
        assert isinstance(found, Identified)
        unit.commit()
    counter.station.refresher.all_changed()
    view = counter.till().sale
    assert view is not None
    assert view.member is not None
    assert view.member.name == "Camille Moreau"
    assert {each.name: each.state for each in view.member.rewards}["10 % de remise"] == "available"
    shown = dict(counter.link.sales)
    assert shown["s0001.k01"].discounts
    assert shown["s0001.k02"].sale is None
    assert counter.link.others[told_before:] == []

    async def other_lane() -> None:
        async with Browser(counter) as browser:
            browser.sign_in("caisse", lane=2)
            page = (await browser.get("/till/2", headers=HTML)).text
            assert "Camille" not in page
            assert "10 % de remise" not in page
            for path in ("/home", "/lanes", "/day", "/sales"):
                elsewhere = await browser.get(path, headers=HTML)
                assert "Camille" not in elsewhere.text, path

    run(other_lane())
