"""A register of another make over MQTT: asked again, late, out of order, in pieces; each order done once."""

import json
import random
import threading
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loyalty.services.keep_registers import revoke_register
from messaging.codec import decode
from messaging.events.code_read import CodeRead
from messaging.mqtt import Delivery
from messaging.register.answered import LaneNow, RegisterSetup, SaleRecorded
from messaging.register.envelope import RegisterAnswered
from messaging.topics import register_topic
from runtime.ids import new_id
from tests.integration.checkout.counter import Counter, make_counter
from tests.integration.checkout.registers import make_companion, make_register
from tests.patience import PATIENCE_S

NAME = "s0001.pos-front"


def question(ask: dict[str, Any], *, lane: int = 1, asked_id: UUID | None = None) -> bytes:
    return json.dumps({"v": 1, "id": str(asked_id or new_id()), "lane": lane, "ask": ask}).encode()


def hand_in(counter: Counter, payload: bytes, name: str = NAME) -> None:
    """A question arrives, as the link hands it over, and is acknowledged."""
    done = threading.Event()
    counter.station.asked.take(Delivery(register_topic(name, "ask"), payload, False, False, done.set))
    assert done.wait(PATIENCE_S), "never acknowledged"
    counter.settle()


def raw_answers(counter: Counter) -> list[bytes]:
    return [payload for _, branch, payload in counter.link.to_registers if branch == "answer"]


def ask(counter: Counter, ask: dict[str, Any], **where: Any) -> RegisterAnswered:
    before = len(raw_answers(counter))
    hand_in(counter, question(ask, **where))
    found = raw_answers(counter)
    assert len(found) == before + 1
    return decode(found[-1], RegisterAnswered)


def recorded(answer: RegisterAnswered) -> SaleRecorded:
    assert isinstance(answer.answer, SaleRecorded), answer
    return answer.answer


@pytest.fixture
def lane(counter: Counter) -> Counter:
    """A lane beside a register that speaks MQTT."""
    make_companion(counter)
    make_register(counter, certificate=NAME)
    return counter


def test_a_sale_by_messages_is_told_as_it_goes_and_recorded_once(lane: Counter) -> None:
    # row 195
    before = lane.balance("Camille")
    name, branch, payload = next(each for each in lane.link.to_registers if each[1] == "setup")
    assert (name, branch) == (NAME, "setup")
    assert decode(payload, RegisterSetup).lanes[0].number == 1
    stated = ask(lane, {"kind": "state_sale", "reference": "T-1", "total_minor": 2000}).answer
    assert isinstance(stated, LaneNow)
    assert stated.sale is not None
    card = CodeRead(text=lane.card_of("Camille"), symbology="QRCode", source="camera")
    lane.send(lane.envelope(card, sale=stated.sale.sale))
    lane.settle()
    told = [decode(payload, LaneNow) for _, branch, payload in lane.link.to_registers if branch == "lane"]
    newest = told[-1].sale
    assert newest is not None
    assert newest.member is not None
    assert newest.member.name is not None
    assert newest.member.name.startswith("Camille")
    assert newest.version > stated.sale.version
    assert newest.discounts
    order = {
        "kind": "record_sale",
        "reference": "T-1",
        "total_minor": 2000,
        "charged_minor": newest.total_minor,
    }
    asked_id = new_id()
    for _ in range(3):
        hand_in(lane, question(order, asked_id=asked_id))
    assert len({raw_answers(lane)[-1 - each] for each in range(3)}) == 1
    sale = recorded(decode(raw_answers(lane)[-1], RegisterAnswered))
    assert sale.points_earned == newest.points_to_earn
    assert lane.balance("Camille") == before + sale.points_earned
    again = ask(lane, order)  # under another id, as after the register lost its memory
    assert recorded(again) == sale
    back = ask(lane, {"kind": "refund_sale", "reference": "T-1", "refund": "R-1", "whole": True})
    assert back.outcome == "done"
    assert lane.balance("Camille") == before
    assert lane.dead_reasons() == []


def test_a_refusal_repeats_too_and_a_better_order_comes_under_another_id(lane: Counter) -> None:
    asked_id = new_id()
    wrong = {"kind": "record_sale", "reference": "T-1", "total_minor": 2000, "charged_minor": 1}
    first = ask(lane, wrong, asked_id=asked_id)
    assert (first.outcome, first.why.code if first.why else "") == ("refused", "sale_changed")
    hand_in(lane, question(wrong, asked_id=asked_id))
    assert raw_answers(lane)[-1] == raw_answers(lane)[-2]
    assert lane.till().sale is None, "what is refused leaves nothing behind"
    assert recorded(ask(lane, {**wrong, "charged_minor": 2000})).total_minor == 2000


def test_an_id_or_a_reference_with_something_else_is_refused(lane: Counter) -> None:
    asked_id = new_id()
    order = {"kind": "record_sale", "reference": "T-1", "total_minor": 2000}
    ask(lane, order, asked_id=asked_id)
    reused = ask(lane, {**order, "reference": "T-2"}, asked_id=asked_id)
    assert reused.why is not None
    assert reused.why.code == "id_reused"
    assert lane.dead_reasons() == ["id_reused"]
    other = ask(lane, {**order, "total_minor": 2001})
    assert other.why is not None
    assert other.why.code == "reference_used"


def test_another_lane_and_a_register_that_is_gone_are_refused(lane: Counter) -> None:
    order = {"kind": "record_sale", "reference": "T-1", "total_minor": 2000}
    elsewhere = ask(lane, order, lane=2)
    assert elsewhere.why is not None
    assert elsewhere.why.code == "lane_not_bound"
    answers = len(raw_answers(lane))
    hand_in(lane, question(order), name="s0001.pos-other")
    with lane.database.unit_of_work() as unit:
        register = unit.registers.by_certificate(NAME)
        assert register is not None
        revoke_register(unit, lane.station.ctx, register.id, lane.shop.staff)
        unit.commit()
    lane.station.settings_changed()
    lane.settle()
    hand_in(lane, question(order))
    assert len(raw_answers(lane)) == answers
    assert lane.dead_reasons() == ["register_unknown", "register_unknown"]
    assert lane.link.to_registers[-1] == (NAME, "setup", b"")
    with lane.database.reading() as unit:
        assert unit.sales.by_receipt_number(1) is None


@pytest.mark.parametrize(
    ("payload", "reason", "is_answered"),
    [
        (b"", "malformed_message", False),
        (b"{", "malformed_message", False),
        (b"[" * 9_000, "malformed_message", False),
        (b"x" * 13_000, "oversized_message", False),
        (
            b'{"v":1,"id":"0192f3c0-0000-7000-8000-000000000001","pad":"' + b"x" * 13_000 + b'"}',
            "oversized_message",
            True,
        ),
        (
            b'{"v":1,"id":"0192f3c0-0000-7000-8000-000000000001","lane":1,"ask":{"kind":"ask_lane","kind":"ask_lane"}}',
            "malformed_message",
            True,
        ),
        (b'{"v":1,"id":"nobody","lane":1,"ask":{"kind":"ask_lane"}}', "malformed_message", False),
        (b'{"v":2,"id":"0192f3c0-0000-7000-8000-000000000001","lane":1}', "unknown_version", True),
        (
            b'{"v":1,"id":"0192f3c0-0000-7000-8000-000000000001","lane":1,"ask":{"kind":"rob_shop"}}',
            "malformed_message",
            True,
        ),
        (
            b'{"v":1,"id":"0192f3c0-0000-7000-8000-000000000001","lane":"1","ask":{"kind":"ask_lane"}}',
            "malformed_message",
            True,
        ),
    ],
)
def test_what_cannot_be_read_is_kept_and_answered_where_its_id_can(
    lane: Counter, payload: bytes, reason: str, is_answered: bool
) -> None:
    hand_in(lane, payload)
    assert lane.dead_reasons() == [reason]
    found = [decode(each, RegisterAnswered) for each in raw_answers(lane)]
    whys = [each.why for each in found if each.why is not None]
    assert [why.code for why in whys] == ([reason] if is_answered else [])
    assert all(why.params["at"] for why in whys if why.code == "malformed_message"), "who sent it can mend it"


def test_orders_that_come_twice_and_in_any_order_book_the_same(lane: Counter) -> None:
    # part of row 171
    """Late records of many sales, shuffled and repeated, with the lane busy meanwhile."""
    before = lane.balance("Camille")
    ask(lane, {"kind": "name_member", "member": {"code": lane.card_of("Zoé")}})
    orders = [
        question(
            {
                "kind": "record_sale",
                "reference": f"T-{number}",
                "total_minor": 1000 + number,
                "member": {"code": lane.card_of("Camille")} if number % 2 else None,
                "late": True,
            }
        )
        for number in range(8)
    ]
    shuffled = orders * 3
    random.Random(7).shuffle(shuffled)
    for each in shuffled:
        hand_in(lane, each)
    with lane.database.reading() as unit:
        assert unit.sales.by_receipt_number(8) is not None
        assert unit.sales.by_receipt_number(9) is None
    earned = sum(
        {
            sale.reference: sale.points_earned
            for raw in raw_answers(lane)
            if isinstance(sale := decode(raw, RegisterAnswered).answer, SaleRecorded)
        }.values()
    )
    assert lane.balance("Camille") == before + earned > before
    sale = lane.till().sale
    assert sale is not None
    assert sale.member is not None
    assert (sale.member.name or "").startswith("Zoé")


def test_a_station_that_began_anew_gives_the_stored_answer(lane: Counter, tmp_path: Any) -> None:
    payload = question({"kind": "record_sale", "reference": "T-1", "total_minor": 2000})
    hand_in(lane, payload)
    first = raw_answers(lane)[-1]
    lane.station.stop()
    again = make_counter(tmp_path, lane.clock)
    hand_in(again, payload)
    assert raw_answers(again) == [first]
    again.station.stop()
    again.database.close()


_SCALARS = st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=12)
_BODIES = st.dictionaries(
    st.sampled_from(
        ["kind", "reference", "total_minor", "lines", "member", "tier", "refund", "whole", "card"]
    ),
    _SCALARS | st.lists(st.dictionaries(st.text(max_size=6), _SCALARS, max_size=3), max_size=2),
    max_size=5,
)
_KINDS = st.sampled_from(
    ["state_sale", "record_sale", "name_member", "show_card", "use_reward", "refund_sale", "void_sale"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=_BODIES, kind=_KINDS | st.text(max_size=8), lane_number=st.integers(-1, 1000))
def test_no_question_breaks_the_station(
    lane: Counter, body: dict[str, Any], kind: str, lane_number: int
) -> None:
    answered = ask(lane, {**body, "kind": kind}, lane=lane_number)
    assert answered.outcome in {"done", "refused"}
    assert answered.why is None or answered.why.code != "internal"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(payload=st.binary(max_size=300))
def test_no_bytes_break_the_station(lane: Counter, payload: bytes) -> None:
    before = len(lane.dead_reasons())
    hand_in(lane, payload)
    assert len(lane.dead_reasons()) == min(before + 1, 100)
