"""The payment card that a register's terminal read: its member at the lane, by HTTP and by MQTT, no number."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from loyalty.domain.payment_card import CardToken, LinkedCard
from loyalty.services.payment_card import link_card
from messaging.register.answered import LaneNow, SaleRecorded
from runtime.ids import new_id
from tests.integration.checkout.browser import run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.registers import make_companion, make_register, till
from tests.integration.checkout.test_register_messages import NAME, ask, hand_in, question, raw_answers

CARD = {"brand": "Visa", "last_four": "4242", "fingerprint": "tok_7Jw0aQ", "entry": "contactless"}
NUMBER = "4242424242424242"


@pytest.fixture
def lane(counter: Counter) -> Counter:
    """A lane beside a register; Camille's card is linked."""
    make_companion(counter)
    with counter.database.unit_of_work() as unit:
        token = CardToken("Visa", "4242", "tok_7Jw0aQ")
        linked = link_card(
            unit, counter.station.ctx, counter.customer_id("Camille"), token, counter.shop.staff
        )
        assert isinstance(linked, LinkedCard)
        unit.commit()
    return counter


def test_the_rewards_of_the_linked_card_are_at_the_lane_before_it_is_charged(lane: Counter) -> None:
    # row 145
    made = make_register(lane)
    before = lane.balance("Camille")

    async def story() -> None:
        async with till(lane, made) as pos:
            await pos.at_lane("/sale", {"reference": "T-1", "total_minor": 3000})
            key = {"idempotency-key": "read once"}
            there = await pos.at_lane("/card", {"card": CARD}, **key)
            sale = there["sale"]
            assert (sale["reference"], sale["member"]["trust"]) == ("T-1", 2)
            assert sale["member"]["name"].startswith("Camille")
            assert [each["kind"] for each in sale["discounts"]] == ["group"]
            assert "available" in {each["state"] for each in sale["member"]["rewards"]}
            again = await pos.post("/lanes/1/card", {"card": CARD}, **key)
            assert again.json() == there
            assert again.headers["idempotency-replayed"] == "true"
            other = {"card": CARD | {"fingerprint": "tok_other"}}
            assert await pos.refused("/card", other, **key) == (409, "reference_used")
            order = {
                "reference": "T-1",
                "total_minor": 3000,
                "charged_minor": sale["total_minor"],
                "card": CARD,
            }
            done = await pos.at_lane("/sales", order)
            assert done["points_earned"] == sale["points_to_earn"] > 0
            assert lane.balance("Camille") == before + done["points_earned"]
            assert await pos.at_lane("/sales", order) == done
            assert await pos.refused("/sales", order | {"card": other["card"]}) == (409, "reference_used")

    run(story())


def test_a_card_of_nobody_and_a_lane_of_another_are_refused_and_leave_nothing(lane: Counter) -> None:
    # part of row 145
    made = make_register(lane)

    async def story() -> None:
        async with till(lane, made) as pos:
            unknown = {"card": CARD | {"fingerprint": "tok_other"}}
            assert await pos.refused("/card", unknown) == (422, "card_unknown")
            assert (await pos.get("/lanes/1")).json()["sale"] is None
            elsewhere = await pos.post("/lanes/2/card", {"card": CARD})
            assert (elsewhere.status_code, elsewhere.json()["code"]) == (403, "lane_not_bound")
            await pos.at_lane("/member", {"member": {"code": lane.card_of("Zoé")}})
            assert await pos.refused("/card", {"card": CARD}) == (409, "another_member")
            stays = (await pos.get("/lanes/1")).json()["sale"]["member"]["name"]
            assert stays.startswith("Zoé")

    run(story())


def test_a_card_number_is_refused_with_its_reason_and_kept_nowhere(
    lane: Counter, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    # part of row 145
    caplog.set_level("DEBUG")
    made = make_register(lane, certificate=NAME)
    as_token = CARD | {"fingerprint": NUMBER}

    async def story() -> None:
        async with till(lane, made) as pos:
            orders: list[tuple[str, dict[str, Any]]] = [
                ("/card", {"card": as_token}),
                ("/sales", {"reference": "T-1", "total_minor": 100, "card": as_token}),
                ("/card", {"card": CARD | {"number": NUMBER}}),
            ]
            codes = []
            for path, body in orders:
                answer = await pos.post(f"/lanes/1{path}", body)
                assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
                assert NUMBER not in answer.text
                codes.append(answer.json()["errors"][0]["code"])
            assert codes == ["card_number", "card_number", "extra_forbidden"]

    run(story())
    refused = ask(lane, {"kind": "show_card", "card": as_token})
    assert (refused.outcome, refused.why.code if refused.why else "") == ("refused", "card_number")
    strange = ask(lane, {"kind": "show_card", "card": CARD | {"number": "4242 4242 4242 4242"}})
    assert (strange.outcome, strange.why.code if strange.why else "") == ("refused", "malformed_message")
    assert sorted(lane.dead_reasons()) == ["card_number", "malformed_message"]
    with sqlite3.connect(tmp_path / "comptoir.db") as database:
        dump = "\n".join(database.iterdump())
        letters = b"".join(row[0] for row in database.execute("SELECT payload FROM dead_letters"))
    database.close()
    assert NUMBER not in dump
    assert b"4242 4242" not in letters
    assert not [each for each in caplog.records if NUMBER in each.getMessage()]


def test_by_messages_the_same_order_is_done_once(lane: Counter) -> None:
    # part of row 145
    make_register(lane, certificate=NAME)
    shown = {"kind": "show_card", "card": CARD}
    asked_id = new_id()
    for _ in range(2):
        hand_in(lane, question(shown, asked_id=asked_id))
    with lane.database.reading() as unit:
        sale = unit.sales.open_in_lane(lane.shop.lane.id)
    assert sale is not None
    assert sale.member is not None
    assert sale.member.customer_id == lane.customer_id("Camille")
    there = ask(lane, {"kind": "ask_lane"}).answer
    assert isinstance(there, LaneNow)
    assert there.sale is not None
    assert there.sale.version == sale.version
    done = ask(lane, {"kind": "record_sale", "reference": "T-1", "total_minor": 2000, "card": CARD}).answer
    assert isinstance(done, SaleRecorded)
    assert done.points_earned > 0
    assert len(raw_answers(lane)) == 4
    assert lane.dead_reasons() == []
