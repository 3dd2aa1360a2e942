"""Events from devices are taken exactly once, in any order, and what cannot be taken is kept."""

import json
from pathlib import Path

import pytest

from loyalty.errors import StorageError
from messaging.codec import decode, encode
from messaging.events import EventEnvelope
from messaging.station.result import Result
from runtime.ids import new_id
from tests.integration.checkout.counter import Counter, make_counter
from tests.integration.checkout.intake_events import ZOE, card, done, typed
from tests.patience import PATIENCE_S

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
        b'{"id": "0192f3c0-0000-7000-8000-000000000001", "sealed": "' + b"A" * 16_384 + b'"}',
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
        assert acknowledged.wait(PATIENCE_S)
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
