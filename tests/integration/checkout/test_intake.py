"""Events of a device: each has its effect once, and each gets its answer, whatever it holds."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from loyalty.errors import StorageError
from messaging.codec import MAX_PAYLOAD_BYTES, decode, encode
from messaging.events import EventEnvelope
from messaging.events.code_read import CodeRead
from messaging.events.consent_given import ConsentGiven
from messaging.events.history_requested import HistoryRequested
from messaging.events.number_typed import NumberTyped
from messaging.events.one_time_code_requested import OneTimeCodeRequested
from messaging.events.phone_change_requested import PhoneChangeRequested
from messaging.events.reward_chosen import RewardChosen
from messaging.events.session_ended import SessionEnded
from messaging.station.identified import Identified
from messaging.station.result import Result
from messaging.station.show import (
    History,
    ItemAdded,
    MemberShown,
    Noted,
    NotRecognised,
    Recognised,
    Refusal,
    RewardUsed,
)
from runtime.ids import new_id
from tests.fakes.pace import AtOnce
from tests.integration.checkout.counter import Counter, make_counter

ZOE, CAMILLE, NOBODY = "+33612000003", "+33612000001", "+33612999999"
_ANY_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ANY_REVISION = re.compile(r'"revision":\d+')


def card(text: str, symbology: str = "QRCode") -> CodeRead:
    return CodeRead(text=text, symbology=symbology, source="camera")  # type: ignore[arg-type]


def typed(number: str) -> NumberTyped:
    return NumberTyped(phone_number=number, language="fr")


def done(number: str, *, programme: bool = True, name: str | None = None) -> ConsentGiven:
    return ConsentGiven(
        phone_number=number,
        programme=programme,
        marketing_sms=False,
        given_name=name,
        language="fr",
        wording="kiosk-2026-11",
    )


# --- exactly once -----------------------------------------------------------------------------------


def test_the_same_event_fifty_times_has_one_effect_and_fifty_equal_results(counter: Counter) -> None:
    sale = counter.sell("Tasse en grès")
    payload = encode(counter.envelope(card("3700123400055", "EAN13"), sale=sale))
    answers = {counter.send_raw(payload) for _ in range(50)}
    assert len(answers) == 1
    assert len(counter.link.results) == 50
    sold = counter.till().sale
    assert sold is not None
    assert [line.quantity for line in sold.lines] == [2], "one from the till, one from fifty scans"


def test_another_payload_under_the_same_id_is_a_dead_letter_and_changes_nothing(counter: Counter) -> None:
    sale = counter.sell("Tasse en grès")
    first = counter.envelope(card(counter.card_of("Camille")), sale=sale)
    answer = counter.send_raw(encode(first))
    other = counter.envelope(card(counter.card_of("Zoé")), event_id=first.id, sale=sale)
    assert counter.send_raw(encode(other)) == answer, "the id has its answer, and keeps it"
    assert counter.dead_reasons() == ["id_reused"]
    member = counter.till().sale.member  # type: ignore[union-attr]
    assert member is not None
    assert member.name == "Camille Moreau"


def test_a_station_that_starts_again_answers_a_repeated_event_as_before(tmp_path: Path) -> None:
    before = make_counter(tmp_path)
    sale = before.sell("Tasse en grès")
    payload = encode(before.envelope(card("3700123400055", "EAN13"), sale=sale))
    answer = before.send_raw(payload)
    before.station.stop()
    before.database.close()
    before.clock.advance(2)
    after = make_counter(tmp_path, before.clock)
    try:
        sold = after.till().sale
        assert sold is not None
        assert sold.id == sale, "the open sale is there again"
        assert after.send_raw(payload) == answer
        assert sum(line.quantity for line in after.till().sale.lines) == 2  # type: ignore[union-attr]
        shown = after.link.sales[-1][1]
        assert shown.sale == sale
        assert shown.revision > before.link.sales[-1][1].revision, "no device takes it for a late one"
    finally:
        after.station.stop()
        after.database.close()


# --- what cannot be taken ---------------------------------------------------------------------------


def mangled(counter: Counter, **changes: object) -> bytes:
    document = json.loads(encode(counter.envelope(card("x"))))
    return json.dumps({**document, **changes}).encode()


def test_messages_that_cannot_be_taken_are_refused_once_kept_and_never_wanted_again(counter: Counter) -> None:
    event_id = str(new_id())
    forged = {
        "another version": (mangled(counter, v=2, id=event_id), "unknown_version"),
        "unknown type": (mangled(counter, type="points_gifted", id=str(new_id())), "malformed_message"),
        "broken seal": (mangled(counter, id=str(new_id())), "seal"),
        "no seal at all": (mangled(counter, id=str(new_id()), sealed="!"), "seal"),
        "missing field": (json.dumps({"id": str(new_id()), "v": 1}).encode(), "malformed_message"),
    }
    for what, (payload, reason) in forged.items():
        raw = counter.send_raw(payload)
        assert raw is not None, what
        result = decode(raw, Result)
        assert result.outcome == "refused", what
        assert result.why is not None
        assert result.why.code == reason, what
        assert str(result.event_id) == json.loads(payload)["id"]
        assert counter.dead_reasons()[0] == reason, what
        assert counter.send_raw(payload) == raw, "sent again, it gets the same answer"
    assert len(counter.dead_reasons()) == len(forged), "and is kept once"


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{broken",
        b"\xff\xfe\x00",
        b"[" * 5000,
        b"null",
        b'{"id": "not an id"}',
        b'{"id": 7}',
        b'{"v": 1, "id": "0192f3c0-0000-7000-8000-00000000000',
        b'{"id": "0192f3c0-0000-7000-8000-000000000001", "sealed": "' + b"A" * MAX_PAYLOAD_BYTES + b'"}',
    ],
    ids=["empty", "broken", "not text", "deep", "null", "no id", "number", "cut", "oversized"],
)
def test_a_payload_without_a_readable_id_is_acknowledged_and_kept(counter: Counter, payload: bytes) -> None:
    assert counter.send_raw(payload) is None
    assert counter.dead_reasons()[0] in {"malformed_message", "oversized_message"}


def test_a_device_that_speaks_in_another_s_name_is_refused_whole(counter: Counter) -> None:
    sale = counter.sell("Tasse en grès")
    envelope = counter.envelope(card(counter.card_of("Camille")), device="s0001.k02", sale=sale)
    raw = counter.send_raw(encode(envelope), "s0001.k01")
    assert raw is not None
    assert decode(raw, Result).why.code == "other_device"  # type: ignore[union-attr]
    assert counter.dead_reasons() == ["other_device"]
    assert counter.till().sale.member is None  # type: ignore[union-attr]


def test_a_device_of_none_of_our_lanes_gets_no_answer_and_no_effect(counter: Counter) -> None:
    envelope = counter.envelope(done("+33612345678"), device="s0001.k77")
    assert counter.send_raw(encode(envelope), "s0001.k77") is None
    assert counter.dead_reasons() == ["unknown_device"]
    with counter.database.reading() as unit:
        assert unit.customers.member_by_phone("+33612345678") is None


def test_a_sealed_body_cannot_be_moved_to_another_sale(counter: Counter) -> None:
    sale = counter.sell("Tasse en grès")
    document = json.loads(encode(counter.envelope(card(counter.card_of("Camille")))))
    document["sale"] = str(sale)
    raw = counter.send_raw(json.dumps(document).encode())
    assert decode(raw or b"", Result).why.code == "seal"  # type: ignore[union-attr]
    assert counter.till().sale.member is None  # type: ignore[union-attr]


def test_a_broken_use_case_refuses_the_event_and_leaves_the_station_working(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    with monkeypatch.context() as patch:
        patch.setattr("checkout.subscribers.intake.handle", broken)
        acknowledged = counter.deliver(encode(counter.envelope(typed(ZOE))))
        assert acknowledged.wait(10)
    counter.settle()
    assert counter.dead_reasons() == ["internal"]
    assert decode(counter.link.results[-1][1], Result).outcome == "refused"
    assert counter.send(counter.envelope(typed(ZOE))).outcome == "accepted"


def test_while_the_database_fails_an_event_is_neither_answered_nor_lost(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    payload = encode(counter.envelope(done("+33611223344")))

    def failing(*_: object) -> None:
        raise StorageError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("checkout.subscribers.intake.handle", failing)
        assert counter.send_raw(payload) is None, "the device keeps it and sends it again"
    assert counter.dead_reasons() == []
    assert counter.send_raw(payload) is not None
    with counter.database.reading() as unit:
        assert unit.customers.member_by_phone("+33611223344") is not None


def test_bookkeeping_that_has_done_its_work_is_forgotten_once_a_day(counter: Counter) -> None:
    old = encode(counter.envelope(typed(ZOE)))
    counter.send_raw(old)
    counter.station.upkeep.do_what_is_due()
    counter.clock.advance(181 * 24 * 3600)
    young = counter.envelope(typed(ZOE))
    counter.send(young)
    counter.station.upkeep.do_what_is_due()
    counter.settle()
    with counter.database.reading() as unit:
        assert unit.inbox.find("s0001.k01", decode(old, EventEnvelope).id) is None
        assert unit.inbox.find("s0001.k01", young.id) is not None


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


# --- enrolling --------------------------------------------------------------------------------------


def test_enrolling_creates_customer_account_and_one_welcome_with_the_link(counter: Counter) -> None:
    # rows 22, 116, 117, 162
    envelope = counter.envelope(done("+33611223344", name="Inès"))
    for _ in range(3):
        counter.send_raw(encode(envelope))
    with counter.database.reading() as unit:
        member = unit.customers.member_by_phone("+33611223344")
        messages = unit.messages.recent(10)
        assert member is not None
        consents = unit.consents.of_customer(member.customer.id)
    assert member.customer.given_name == "Inès"
    assert member.account is not None
    assert [message.to for message in messages] == ["+33611223344"]
    assert "http://127.0.0.1:8080/s/" in messages[0].body
    (consent,) = consents
    assert consent.wording_text.startswith("Je rejoins le programme de fidélité de Maison Lumen.")


def test_an_unticked_box_creates_nothing_and_says_nothing(counter: Counter) -> None:
    # X16
    result = counter.send(counter.envelope(done(NOBODY, programme=False)))
    assert (result.outcome, result.show) == ("accepted", Noted())
    with counter.database.reading() as unit:
        assert unit.customers.member_by_phone(NOBODY) is None
        assert unit.messages.recent(10) == []


def test_an_invalid_number_is_refused_with_its_reason(counter: Counter) -> None:
    result = counter.send(counter.envelope(typed("+33123")))
    assert result.outcome == "refused"
    assert isinstance(result.show, Refusal)
    assert result.show.why.code == "phone_number_invalid"


# --- rewards ----------------------------------------------------------------------------------------


def test_the_member_uses_a_reward_at_the_kiosk_and_takes_it_back(counter: Counter) -> None:
    # rows 137, 142
    sale, session = counter.sell("Bougie parfumée"), new_id()
    seen = counter.send(counter.envelope(card(counter.card_of("Camille")), session=session, sale=sale))
    assert isinstance(seen.show, MemberShown)
    tier = next(reward for reward in seen.show.rewards if reward.available)
    choose = RewardChosen(tier_id=tier.tier_id, use=True)
    used = counter.send(counter.envelope(choose, session=session, sale=sale))
    assert isinstance(used.show, RewardUsed)
    assert used.show.applied
    assert counter.till().sale.discounts[-1].kind == "reward"  # type: ignore[union-attr]
    twice = counter.send(counter.envelope(choose, session=session, sale=sale))
    assert isinstance(twice.show, Refusal)
    assert twice.show.why.code == "already_used"
    back = RewardChosen(tier_id=tier.tier_id, use=False)
    taken = counter.send(counter.envelope(back, session=session, sale=sale))
    assert isinstance(taken.show, RewardUsed)
    assert not taken.show.applied
    assert counter.balance("Camille") == 34, "points are booked with the sale, not before"


def test_a_reward_without_enough_points_says_how_many_are_missing(counter: Counter) -> None:
    sale, session = counter.sell("Bougie parfumée"), new_id()
    seen = counter.send(counter.envelope(card(counter.card_of("Camille")), session=session, sale=sale))
    assert isinstance(seen.show, MemberShown)
    tier = seen.show.rewards[-1]
    assert tier.why_not is not None
    refused = counter.send(counter.envelope(RewardChosen(tier_id=tier.tier_id), session=session, sale=sale))
    assert isinstance(refused.show, Refusal)
    assert refused.show.why.code == "not_enough_points"
    assert refused.show.why.params["missing"] == 120 - 34


# --- late and out of order --------------------------------------------------------------------------


def test_a_card_for_a_sale_that_is_paid_attaches_to_nothing(counter: Counter) -> None:
    # row 171
    # X14
    first = counter.sell("Croissant")
    late = counter.envelope(card(counter.card_of("Camille")), sale=first)
    counter.pay()
    second = counter.sell("Tasse en grès")
    assert counter.send(late).outcome == "accepted"
    assert counter.till().sale.id == second  # type: ignore[union-attr]
    assert counter.till().sale.member is None, "not the next customer's sale"  # type: ignore[union-attr]
    assert counter.balance("Camille") == 34


def test_a_late_redemption_is_refused_and_a_late_enrolment_counts(counter: Counter) -> None:
    # row 171
    # X14
    sale, session = counter.sell("Bougie parfumée"), new_id()
    seen = counter.send(counter.envelope(card(counter.card_of("Camille")), session=session, sale=sale))
    assert isinstance(seen.show, MemberShown)
    choose = counter.envelope(RewardChosen(tier_id=seen.show.rewards[0].tier_id), session=session, sale=sale)
    enrol = counter.envelope(done("+33611223344"), session=session, sale=sale)
    counter.pay()
    refused = counter.send(choose)
    assert isinstance(refused.show, Refusal)
    assert refused.show.why.code == "late"
    counter.send(enrol)
    with counter.database.reading() as unit:
        assert unit.customers.member_by_phone("+33611223344") is not None


def test_after_the_session_s_end_nobody_is_welcomed_any_more(counter: Counter) -> None:
    # row 171
    sale, session = counter.sell("Croissant"), new_id()
    late = counter.envelope(card(counter.card_of("Camille")), session=session, sale=sale)
    counter.send(counter.envelope(SessionEnded(reason="idle"), session=session, sale=sale))
    assert counter.send(late).show == Noted()
    assert counter.till().sale.member is None  # type: ignore[union-attr]


def test_a_wall_clock_at_1970_changes_nothing(counter: Counter) -> None:
    # row 203
    # X14
    sale = counter.sell("Tasse en grès")
    old = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=40)
    result = counter.send(counter.envelope(card(counter.card_of("Camille")), sale=sale, wall=old))
    assert isinstance(result.show, MemberShown)
    assert result.at == counter.clock.now(), "the device takes the station's time"
    counter.pay()
    assert counter.balance("Camille") > 34


# --- what comes later -------------------------------------------------------------------------------


def test_history_is_for_proof_alone(counter: Counter) -> None:
    for rotating, kind in ((False, Refusal), (True, History)):
        session = new_id()
        code = counter.card_of("Camille", rotating=rotating)
        counter.send(counter.envelope(card(code), session=session))
        shown = counter.send(counter.envelope(HistoryRequested(), session=session)).show
        assert isinstance(shown, kind)
    counter.settle()


def test_an_event_that_this_station_does_not_offer_is_refused_and_not_wanted_again(counter: Counter) -> None:
    result = counter.send(counter.envelope(PhoneChangeRequested(new_phone_number="+33698765432")))
    assert result.outcome == "refused"
    assert counter.dead_reasons() == [], "it was understood; there is nothing to look at"


def test_an_item_s_code_goes_into_the_sale(counter: Counter) -> None:
    sale = counter.sell("Croissant")
    result = counter.send(counter.envelope(card("3700123400024", "EAN13"), sale=sale))
    assert result.show == ItemAdded(name="Miel de lavande, 500 g")
    assert len(counter.till().sale.lines) == 2  # type: ignore[union-attr]
