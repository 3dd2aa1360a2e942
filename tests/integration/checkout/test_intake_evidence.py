"""Trust follows from the evidence, and a customer's screen is told no more than was proved."""

import json
import re
from pathlib import Path

import pytest

from messaging.codec import decode, encode
from messaging.events.history_requested import HistoryRequested
from messaging.events.one_time_code_requested import OneTimeCodeRequested
from messaging.events.reward_chosen import RewardChosen
from messaging.events.session_ended import SessionEnded
from messaging.station.identified import Identified
from messaging.station.result import Result
from messaging.station.show import (
    MemberShown,
    Noted,
    NotRecognised,
    Recognised,
)
from runtime.ids import new_id
from tests.fakes.pace import AtOnce
from tests.integration.checkout.counter import Counter, make_counter
from tests.integration.checkout.intake_events import NOBODY, ZOE, card, done, typed

_ANY_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ANY_REVISION = re.compile(r'"revision":\d+')


# --- trust comes from the evidence ------------------------------------------------------------------


def test_a_device_that_claims_trust_is_not_believed(counter: Counter) -> None:
    sale = counter.sell("Tasse en grès")
    document = json.loads(encode(counter.envelope(card("000123456", "Code128"), sale=sale)))
    document["trust"] = 3
    raw = counter.send_raw(json.dumps(document).encode())
    assert isinstance(decode(raw or b"", Result).show, Recognised)
    assert counter.till().sale.member.trust == 1  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "trust"),
    [("000123456", 1), ("https://example.com/m?ref=000123456", 1), ("static", 2), ("rotating", 3)],
)
def test_trust_follows_from_what_was_read(counter: Counter, text: str, trust: int) -> None:
    # rows 76, 91, 100
    sale = counter.sell("Tasse en grès")
    if text in {"static", "rotating"}:
        text = counter.card_of("Camille", rotating=text == "rotating")
    counter.send(counter.envelope(card(text), sale=sale))
    member = counter.till().sale.member  # type: ignore[union-attr]
    assert member is not None
    assert (member.name, member.trust) == ("Camille Moreau", trust)


def test_a_rotating_code_proves_once_and_a_copy_of_it_counts_less(counter: Counter) -> None:
    code = counter.card_of("Camille", rotating=True)
    for trust in (3, 2):
        sale = counter.sell("Croissant")
        counter.send(counter.envelope(card(code), sale=sale))
        assert counter.till().sale.member.trust == trust  # type: ignore[union-attr]
        counter.pay()
    counter.clock.advance(600)
    fresh_long_ago = counter.card_of("Zoé", rotating=True)
    counter.clock.advance(600)
    sale = counter.sell("Croissant")
    counter.send(counter.envelope(card(fresh_long_ago), sale=sale))
    assert counter.till().sale.member.trust == 2  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", ["signature", "other shop", "long", "cut", "controls"])
def test_a_card_that_is_not_ours_names_nobody_and_says_why(counter: Counter, kind: str) -> None:
    from codes import CardSigner

    good = counter.card_of("Camille")
    other = CardSigner(bytes([7]) * 32).static(new_id())
    texts = {
        "signature": good[:-6] + ("AAAAAA" if not good.endswith("AAAAAA") else "BBBBBB"),
        "other shop": other,
        "long": "CM1" + "A" * 500,
        "cut": good[:60],
        "controls": "000123456",
    }
    sale = counter.sell("Croissant")
    if kind == "controls":
        document = json.loads(encode(counter.envelope(card("x"), sale=sale)))
        from messaging.events.envelope import _header

        plain = json.dumps({"v": 1, "kind": "code_read", "text": "000\u202e123\x00", "symbology": "QRCode",
                            "source": "camera"}).encode()  # fmt: skip
        from uuid import UUID

        bound = _header(UUID(document["id"]), "code_read", "s0001.k01", UUID(document["session"]), sale)
        document["sealed"] = counter.sealer.seal(plain, bound)
        result = decode(counter.send_raw(json.dumps(document).encode()) or b"", Result)
        assert result.outcome == "refused"
        assert result.why is not None
        assert result.why.code == "malformed_message"
    else:
        result = counter.send(counter.envelope(card(texts[kind]), sale=sale))
        assert isinstance(result.show, NotRecognised)
        expected = {"signature": {"bad_signature", "not_read"}, "other shop": {"other_shop"},
                    "long": {"not_read"}, "cut": {"unknown_code", "not_read"}}  # fmt: skip
        assert result.show.why.code in expected[kind]
        assert counter.till().notice is not None
        assert counter.till().notice.kind == "refused"  # type: ignore[union-attr]
    assert counter.till().sale.member is None  # type: ignore[union-attr]


def test_ten_kilobytes_of_code_never_pass(counter: Counter) -> None:
    with pytest.raises(ValueError, match="text"):
        card("A" * 10_240)
    big = counter.envelope(card("x")).model_copy(update={"sealed": "A" * 10_900})
    result = decode(counter.send_raw(encode(big)) or b"", Result)
    assert result.outcome == "refused"


# --- what the customer's screen may show ------------------------------------------------------------


def test_known_and_unknown_numbers_get_the_same_answer(counter: Counter) -> None:
    # row 170
    # X15
    sale = counter.sell("Tasse en grès", "Croissant")
    shown_before = counter.link.sales[-1][1].model_dump(exclude={"revision"})
    for number in (ZOE, NOBODY):
        result = counter.send(counter.envelope(typed(number), sale=sale))
        assert (result.outcome, result.why, result.show) == ("accepted", None, Noted())
        shown = counter.link.sales[-1][1]
        assert shown.model_dump(exclude={"revision"}) == shown_before, number
    counter.pay()
    paid = counter.link.sales[-1][1]
    assert paid.state == "paid"
    assert (paid.points_earned, paid.points_balance, paid.discounts) == (None, None, ())


@pytest.mark.parametrize("is_ticked", [False, True])
def test_a_device_hears_the_same_of_a_known_and_an_unknown_number(tmp_path: Path, is_ticked: bool) -> None:
    # row 170
    # X15, X16
    def heard(number: str) -> list[tuple[str, int, str]]:
        """What the device hears of a whole visit: branch, size on the wire, content without ids."""
        (tmp_path / number).mkdir()
        counter = make_counter(tmp_path / number)
        try:
            with counter.database.reading() as unit:
                tier = unit.programme.current().tiers[0]  # type: ignore[union-attr]
            sale, session = counter.sell("Tasse en grès", "Croissant"), new_id()
            counter.link.heard_by_device.clear()
            for body in (
                typed(number),
                done(number, programme=is_ticked, name="Nina"),
                RewardChosen(tier_id=tier.id),
                HistoryRequested(),
                typed(number),
                SessionEnded(reason="done"),
                typed(number),
            ):
                counter.send(counter.envelope(body, session=session, sale=sale))
            counter.pay()
            counter.settle()
            return [
                (branch, len(payload), _ANY_ID.sub("-", _ANY_REVISION.sub("-", payload.decode())))
                for branch, payload in counter.link.heard_by_device
            ]
        finally:
            counter.station.stop()
            counter.database.close()

    assert heard(ZOE) == heard(NOBODY)


def test_the_time_of_an_answer_tells_nothing_of_a_typed_number(counter: Counter) -> None:
    # row 170
    pace = counter.station.pace
    assert isinstance(pace, AtOnce)
    held = []
    for number in (ZOE, NOBODY):
        session = new_id()
        for body in (typed(number), done(number, programme=True), OneTimeCodeRequested(purpose="history")):
            pace.held.clear()
            counter.send(counter.envelope(body, session=session))
            held.append(len(pace.held))
    pace.held.clear()
    counter.send(counter.envelope(card(counter.card_of("Camille"))))

    assert held == [2] * 6, "the result and the broker's receipt, each on a beat"
    assert pace.held == [], "a card in the hand is answered at once"


def test_a_typed_number_earns_and_its_discount_waits_for_one_tap(counter: Counter) -> None:
    # rows 116, 135
    # X15
    sale = counter.sell("Tasse en grès")
    counter.send(counter.envelope(typed(ZOE), sale=sale))
    view = counter.till().sale
    assert view is not None
    assert view.discounts == ()
    assert view.proposal is not None
    assert view.proposal.name == "Amis de la maison"
    assert counter.do(lambda till: till.apply_discount(sale)) is None
    view = counter.till().sale
    assert view is not None
    assert [discount.why[0].code for discount in view.discounts] == ["group_discount_confirmed"]
    before = counter.balance("Zoé")
    counter.pay()
    assert counter.balance("Zoé") > before


def test_a_session_is_not_shown_what_another_one_proved(counter: Counter) -> None:
    # row 170
    sale = counter.sell("Tasse en grès")
    proved, other = new_id(), new_id()
    assert isinstance(
        counter.send(counter.envelope(card(counter.card_of("Camille")), sale=sale, session=proved)).show,
        MemberShown,
    )
    bare = counter.envelope(card("000123456", "Code128"), sale=sale, session=other)
    assert isinstance(counter.send(bare).show, Recognised), "who merely knows the number sees no name"
    again = counter.envelope(card("000123456", "Code128"), sale=sale, session=proved)
    assert isinstance(counter.send(again).show, MemberShown)


def test_a_signed_card_welcomes_and_the_discount_is_there_by_itself(counter: Counter) -> None:
    # rows 79, 107, 110, 112
    sale = counter.sell("Tasse en grès")
    result = counter.send(counter.envelope(card(counter.card_of("Camille")), sale=sale))
    assert isinstance(result.show, MemberShown)
    assert (result.show.given_name, result.show.points) == ("Camille", 34)
    assert result.show.next_reward is not None
    view = counter.till()
    assert view.notice is not None
    assert (view.notice.kind, view.notice.name) == ("identified", "Camille Moreau")
    assert view.sale is not None
    assert [discount.why[0].code for discount in view.sale.discounts] == ["group_discount"]
    assert view.sale.total_minor == 1440
    shown = counter.link.sales[-1][1]
    assert [discount.amount_minor for discount in shown.discounts] == [-160]


def test_pos_users_hear_who_was_identified_without_contact_data(counter: Counter) -> None:
    sale = counter.sell("Tasse en grès")
    counter.send(counter.envelope(card(counter.card_of("Camille")), sale=sale))
    topic, payload = counter.link.others[-1]
    assert topic == "comptoir/v1/store/s0001/lane/1/identified"
    told = decode(payload, Identified)
    assert (told.sale, told.trust, told.points) == (sale, 2, 34)
    assert [(offer.percent, offer.applies) for offer in told.discounts] == [("10", True)]
    assert b"33612000001" not in payload
    assert b"Camille" not in payload


def test_what_was_not_published_goes_out_after_the_next_start(tmp_path: Path) -> None:
    before = make_counter(tmp_path)
    before.link.is_connected = False
    sale = before.sell("Tasse en grès")
    before.send(before.envelope(card(before.card_of("Camille")), sale=sale))
    before.station.stop()
    before.database.close()
    after = make_counter(tmp_path, before.clock)
    try:
        after.station._link_changed(True)
        after.settle()
        assert any("identified" in topic for topic, _ in after.link.others)
    finally:
        after.station.stop()
        after.database.close()
