"""Delivery until answered, on a link that a test holds in its hand."""

import json
import queue

import pytest

from device.health import HealthBoard, PartState
from device.outbox import Outbox
from device.resending import SILENT_S
from device.uplink import UPLINK, Uplink
from messaging.codec import encode
from messaging.model import example_of
from messaging.mqtt import Delivery
from messaging.station.presence import Presence
from messaging.station.result import Result
from messaging.station.settings import Desired, Reported
from runtime.clock import SystemClock
from runtime.ids import boot_id, new_id
from tests.fakes.clock import FakeClock
from tests.fakes.link import FakeLink

TOPIC = "comptoir/v1/s0001.k01"


class Listener:
    def __init__(self):
        self.heard = queue.Queue()

    def on_result(self, result):
        self.heard.put(result)

    def on_sale(self, sale):
        self.heard.put(sale)

    def on_desired(self, desired):
        self.heard.put(desired)

    def on_online(self, is_online):
        self.heard.put(is_online)

    def on_silence(self, is_silent):
        self.heard.put("silent" if is_silent else "speaks")


class Bench:
    def __init__(self, path, clock=None):
        self.outbox = Outbox(path)
        self.link, self.listener, self.board = FakeLink(), Listener(), HealthBoard()
        self.acknowledged = queue.Queue()
        self.uplink = Uplink(
            device="s0001.k01",
            outbox=self.outbox,
            clock=clock or SystemClock(),
            board=self.board,
            presence=Presence(state="online", boot=boot_id(), release="1"),
            report=lambda: Reported(version=3, release="1", parts=(), outbox_events=self.outbox.queued),
        )
        self.uplink.start(self.link, self.listener)

    def connect(self, is_up=True):
        self.link.is_connected = is_up
        self.uplink.on_link(is_up)

    def store(self):
        event_id = new_id()
        return self.outbox.store(event_id, lambda seq: str(event_id).encode())

    def deliver(self, branch, payload, is_retained=False):
        self.uplink.on_delivery(
            Delivery(f"{TOPIC}/{branch}", payload, is_retained, False, lambda: self.acknowledged.put(branch))
        )

    def answer(self, event):
        result = Result(event_id=event.id, outcome="accepted", at=SystemClock().now())
        self.deliver("result", encode(result))
        return result

    def until_empty(self):
        while self.outbox.queued:
            pass


def next_of(listener, kind):
    """The next of its kind that a listener heard."""
    while not isinstance(heard := listener.heard.get(timeout=5), kind):
        pass
    return heard


@pytest.fixture
def bench(tmp_path):
    bench = Bench(tmp_path / "outbox.db")
    yield bench
    bench.uplink.stop()
    bench.outbox.close()


def test_a_live_event_goes_out_on_the_thread_that_stored_it(bench):
    bench.connect()
    event = bench.store()
    bench.uplink.send(event)
    assert bench.link.next("event", timeout_s=0) == event.payload


def test_an_event_that_the_worker_found_first_is_not_sent_twice(bench):
    bench.connect()
    event = bench.store()
    bench.uplink.report_soon()  # the worker looks around
    assert bench.link.next("event") == event.payload
    bench.uplink.send(event)
    with pytest.raises(queue.Empty):
        bench.link.next("event", timeout_s=0)


def test_an_event_leaves_the_outbox_only_by_its_result(bench):
    # row 167
    bench.connect()
    event = bench.store()
    bench.uplink.send(event)
    assert bench.link.next("event") == event.payload
    assert bench.link.next("event") == event.payload  # no answer: sent again, byte for byte
    result = bench.answer(event)
    while (heard := bench.listener.heard.get(timeout=5)) != result:
        assert heard is True
    assert bench.acknowledged.get(timeout=5) == "result"
    bench.until_empty()


def test_events_of_an_outage_go_out_in_order_after_connecting(bench):
    # row 167
    stored = [bench.store() for _ in range(120)]
    for event in stored:
        bench.uplink.send(event)
    assert bench.link.published.empty()
    bench.connect()
    for event in stored:
        assert bench.link.next("event") == event.payload
        bench.answer(event)
    bench.until_empty()


def test_a_live_event_does_not_wait_for_the_backlog(bench):
    for _ in range(500):
        bench.store()
    bench.connect()
    live = bench.store()
    bench.uplink.send(live)
    payloads = [bench.link.next("event") for _ in range(51)]
    assert live.payload in payloads


def test_a_lost_connection_sends_what_is_unanswered_again_after_the_next(bench):
    bench.connect()
    first, second = bench.store(), bench.store()
    bench.uplink.send(first)
    bench.uplink.send(second)
    bench.connect(False)
    assert bench.board.of(UPLINK).state is PartState.DEGRADED
    while not bench.link.published.empty():
        bench.link.published.get()
    bench.connect()
    assert [bench.link.next("event") for _ in range(2)] == [first.payload, second.payload]
    assert bench.board.of(UPLINK).state is PartState.OK


def test_a_link_whose_queue_is_full_loses_nothing(bench):
    bench.connect()
    bench.link.is_full = True
    event = bench.store()
    bench.uplink.send(event)
    bench.link.is_full = False
    assert bench.link.next("event") == event.payload


@pytest.mark.parametrize(
    ("branch", "payload"),
    [
        ("result", b"{}"),
        ("result", b"\xff" * 100),
        ("sale", b"x" * 50_000),
        ("desired", b'{"v": 2}'),
        ("desired", b""),
    ],
)
def test_a_bad_message_is_acknowledged_and_changes_nothing(bench, branch, payload):
    bench.connect()
    assert bench.listener.heard.get(timeout=5) is True
    bench.deliver(branch, payload)
    assert bench.acknowledged.get(timeout=5) == branch
    assert bench.listener.heard.empty()


def test_presence_and_report_are_told_on_connecting_and_offline_on_stopping(bench):
    bench.connect()
    topic, payload, retain = bench.link.published.get(timeout=5)
    assert (topic, retain) == (f"{TOPIC}/presence", True)
    assert Presence.model_validate_json(payload).state == "online"
    assert Reported.model_validate_json(bench.link.next("reported")).version == 3
    bench.uplink.report_soon()
    assert bench.link.next("reported")
    bench.uplink.stop()
    assert Presence.model_validate_json(bench.link.goodbye[1]).state == "offline"


@pytest.mark.parametrize("is_retained", [True, False])
def test_what_was_given_up_has_another_day_once_the_station_comes(bench, is_retained):
    # part of row 167: a station that was away for a day answered nothing
    event = bench.store()
    bench.outbox.quarantine(event.id)
    bench.connect()
    bench.deliver("desired", json.dumps(example_of(Desired)).encode(), is_retained)
    assert isinstance(next_of(bench.listener, Desired), Desired)
    if is_retained:  # the broker kept it; that says nothing of the station
        bench.uplink.report_soon()
        bench.link.next("reported")
        assert bench.outbox.quarantined == 1
    else:
        assert bench.link.next("event") == event.payload
        bench.answer(event)
        bench.until_empty()
        assert bench.outbox.quarantined == 0


def test_a_station_that_answers_nothing_behind_its_broker_is_told_until_it_does(tmp_path):
    clock = FakeClock()
    bench = Bench(tmp_path / "outbox.db", clock)
    try:
        bench.connect()
        event = bench.store()
        bench.uplink.send(event)
        assert bench.listener.heard.get(timeout=5) is True
        clock.advance(SILENT_S)
        bench.uplink.report_soon()  # the real clock is what would wake it
        assert bench.listener.heard.get(timeout=5) == "silent"
        assert bench.board.of(UPLINK).state is PartState.DEGRADED
        result = bench.answer(event)
        assert {bench.listener.heard.get(timeout=5) for _ in range(2)} == {result, "speaks"}
        assert bench.board.of(UPLINK).state is PartState.OK
    finally:
        bench.uplink.stop()
        bench.outbox.close()
