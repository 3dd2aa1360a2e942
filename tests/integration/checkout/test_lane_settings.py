"""Lanes are made, given a device, turned to training and retired on a page; training stays out of everything."""

from datetime import timedelta
from typing import Any

import pytest

from loyalty.domain.shop import Lane, LaneSound
from loyalty.domain.staff import Permission
from loyalty.services.close_day import takings_on
from messaging.events.code_read import CodeRead
from messaging.events.consent_given import ConsentGiven
from messaging.station.settings import KioskSound
from messaging.station.show import MemberShown
from tests.integration.checkout.browser import add_staff, run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import desk
from tests.integration.checkout.test_checkout_settings import texts

HERE = "/settings/lanes"


def lane(counter: Counter, number: int) -> Lane | None:
    with counter.database.reading() as unit:
        found = unit.lanes.by_number(number)
    return found if found is not None and found.is_active else None


def version_told(counter: Counter) -> int:
    """Of the settings that the lane's device was told last."""
    return next(
        desired.version
        for device, desired in reversed(counter.link.desired)
        if device == counter.shop.lane.device
    )


def send(counter: Counter, path: str, **form: str) -> Any:
    answers: list[Any] = []

    async def story() -> None:
        answers.append(await desk(counter).fill(path, **form))

    run(story())
    counter.settle()
    return answers[0]


def make_training(counter: Counter) -> None:
    found = counter.shop.lane
    form = {f"{found.id}-device": found.device or "", f"{found.id}-training": "1"}
    assert send(counter, f"{HERE}/{found.id}", **form).status_code == 303


def test_a_lane_is_added_given_another_device_and_retired(counter: Counter) -> None:
    # part of row 202
    added = send(counter, HERE, **{"new-number": "2", "new-device": "S0001.K02"})
    assert added.headers["location"] == f"{HERE}?done=saved"
    second = lane(counter, 2)
    assert second is not None
    assert (second.device, second.is_training) == ("s0001.k02", False)
    assert counter.station.lanes.of_device("s0001.k02") == second
    assert counter.link.desired[-1][0] == "s0001.k02"
    send(counter, f"{HERE}/{second.id}", **{f"{second.id}-device": "s0001.k03"})
    assert counter.station.lanes.of_device("s0001.k02") is None
    assert send(counter, f"{HERE}/{second.id}/retire").status_code == 303
    assert lane(counter, 2) is None
    assert counter.station.lanes.numbered(2) is None
    send(counter, HERE, **{"new-number": "2", "new-device": "s0001.k03"})
    again = lane(counter, 2)
    assert again is not None
    assert again.id == second.id


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"new-number": "1", "new-device": ""}, "There is a lane with this number"),
        ({"new-number": "0", "new-device": ""}, "between 1 and 999"),
        ({"new-number": "x", "new-device": ""}, "between 1 and 999"),
        ({"new-number": "2", "new-device": "s0001.k01"}, "stands at lane 1"),
        ({"new-number": "2", "new-device": "s0002.k01"}, "look like s0001.k02"),
        ({"new-number": "2", "new-device": "s0001/#"}, "look like s0001.k02"),
    ],
)
def test_a_lane_that_cannot_be_says_why_and_keeps_what_was_typed(
    counter: Counter, form: dict[str, str], said: str
) -> None:
    answer = send(counter, HERE, **form)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{form["new-device"]}"' in answer.text
    assert lane(counter, 2) is None


def test_no_lane_changes_under_an_open_sale(counter: Counter) -> None:
    counter.sell("Croissant")
    found = counter.shop.lane
    form = {f"{found.id}-device": found.device or "", f"{found.id}-training": "1"}
    assert "A sale is open at this lane" in send(counter, f"{HERE}/{found.id}", **form).text
    assert "A sale is open at this lane" in send(counter, f"{HERE}/{found.id}/retire").text
    assert lane(counter, 1) == found


def test_only_who_keeps_the_devices_keeps_the_lanes(counter: Counter) -> None:
    add_staff(counter, "patron", Permission.SELL, Permission.MANAGE_SHOP)

    async def story() -> None:
        browser = desk(counter, "patron")
        assert (await browser.get(HERE)).status_code == 403
        for path in (HERE, f"{HERE}/{counter.shop.lane.id}", f"{HERE}/{counter.shop.lane.id}/retire"):
            assert (await browser.send_form(path)).status_code == 403

    run(story())


def everything_booked(counter: Counter) -> dict[str, Any]:
    """All that a sale leaves behind: ledger, messages, day, reports, what groups and profiles look at."""
    now = counter.clock.now()
    start, end = now - timedelta(days=1), now + timedelta(days=1)
    camille = counter.customer_id("Camille")
    with counter.database.reading() as unit:
        member = unit.customers.member(camille)
        assert member is not None
        assert member.account is not None
        return {
            "ledger": [entry.id for entry in unit.ledger.entries_of(member.account.id, 50)],
            "points": unit.reports.sums_by_kind(start, end),
            "messages": [message.id for message in unit.messages.recent(50)],
            "day": takings_on(unit, counter.shop.lane.id, now.date()),
            "visits": list(unit.reports.visits(start, end)),
            "lanes": list(unit.reports.by_lane(start, end)),
            "sales": list(unit.sales.completed_between(start, end)),
            "profile": unit.customer_activity.visits(camille),
            "items": list(unit.customer_activity.items(camille, 10)),
            "people": [
                unit.customers.member_by_phone("+33688776655")  # type: ignore[arg-type]
            ],
        }


def test_a_training_lane_shows_real_screens_and_leaves_nothing_behind(counter: Counter) -> None:
    # row 202
    make_training(counter)
    assert counter.link.desired[-1][1].training
    assert "TRAINING" in texts(counter, "/till/1")
    before = everything_booked(counter)
    sale = counter.sell("Tasse en grès", "Croissant")
    assert counter.link.sales[-1][1].training
    card = counter.card_of("Camille", rotating=True)
    read = CodeRead(text=card, symbology="QRCode", source="camera")
    shown = counter.send(counter.envelope(read, sale=sale)).show
    assert isinstance(shown, MemberShown)
    given = ConsentGiven(
        phone_number="+33688776655",
        programme=True,
        marketing_sms=True,
        language="fr",
        wording="kiosk-2026-11",
    )
    counter.send(counter.envelope(given, sale=sale))
    view = counter.till().sale
    assert view is not None
    assert view.member is not None
    assert view.points_to_earn == 0
    ready = next(each for each in view.member.rewards if each.state == "available")
    assert counter.do(lambda till: till.use_reward(sale, ready.tier_id)) is None
    counter.pay()
    paid = counter.till().sale
    assert paid is not None
    assert paid.receipt is not None
    assert paid.receipt.number > 900_000_000, "the shop's own receipts have no gap"
    assert counter.link.sales[-1][1].training
    assert "raining" in texts(counter, "/till/1")
    assert everything_booked(counter) == before
    # A second sale: the member is named afterwards, and that earns nothing either.
    late = counter.sell("Croissant")
    counter.pay()
    camille = counter.customer_id("Camille")
    assert counter.do(lambda till: till.attach(late, camille, is_checked=True)) is None
    counter.settle()
    assert everything_booked(counter) == before


def test_staff_set_what_a_screen_lets_hear_and_it_reaches_that_device(counter: Counter) -> None:
    # part of row 190
    device = counter.shop.lane.device
    assert "Customers may have the screen read aloud" in texts(counter, "/devices")
    counter.station.settings_changed()
    counter.settle()
    before = version_told(counter)
    answer = send(counter, f"/devices/{device}/sound", volume="25", speech="1")
    assert answer.headers["location"] == "/devices?done=sound"
    kept = lane(counter, 1)
    assert kept is not None
    assert kept.sound == LaneSound(25, cues=False, speech=True)
    told = counter.link.desired[-1]
    assert told[0] == device
    assert told[1].kiosk.sound == KioskSound(volume_percent=25, cues=False, speech=True)
    assert told[1].version > before
    for volume in ("101", "-1", "loud", ""):
        refused = send(counter, f"/devices/{device}/sound", volume=volume)
        assert (refused.status_code, "100" in refused.text) == (422, True)
    assert send(counter, "/devices/s0001.k77/sound", volume="25").status_code == 422
    assert lane(counter, 1) == kept
    heard = version_told(counter)
    make_training(counter)
    assert version_told(counter) == heard + 1
    make_training(counter)
    assert version_told(counter) == heard + 1
