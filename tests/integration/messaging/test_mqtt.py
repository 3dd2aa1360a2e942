"""The link on a real broker: sessions kept, acknowledged by hand, never ended by a callback's error."""

import queue
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from messaging.codec import MAX_PAYLOAD_BYTES
from messaging.errors import LinkError, OversizedMessageError
from messaging.mqtt import BrokerAddress, Delivery, MqttLink, Will
from messaging.topics import device_topic
from tests.fakes.broker import MosquittoBroker
from tests.patience import PATIENCE_S

EVENT, RESULT = device_topic("s0001.k01", "event"), device_topic("s0001.k01", "result")
PRESENCE = device_topic("s0001.k01", "presence")


class Ear:
    """A link that keeps what it hears, and acknowledges when told."""

    def __init__(self, address: BrokerAddress, *topics: str, will: Will | None = None) -> None:
        self.heard: queue.Queue[Delivery] = queue.Queue()
        self.ups: queue.Queue[bool] = queue.Queue()
        self.link = MqttLink(address, topics, self.heard.put, self.ups.put, will)
        self.link.start()
        assert self.ups.get(timeout=PATIENCE_S) is True


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[MosquittoBroker]:
    made = MosquittoBroker(tmp_path / "broker")
    made.start()
    yield made
    made.stop()


def test_a_message_that_was_not_acknowledged_comes_again_on_the_next_connection(
    broker: MosquittoBroker,
) -> None:
    # row 167
    station = Ear(broker.address("s0001.station"), EVENT)
    device = Ear(broker.address("s0001.k01"), RESULT)
    assert device.link.publish(EVENT, b"one")
    first = station.heard.get(timeout=PATIENCE_S)
    assert not first.is_repeated
    broker.restart()
    again = station.heard.get(timeout=PATIENCE_S)
    assert (again.payload, again.is_repeated) == (b"one", True)
    first.acknowledge()  # of the connection that is gone: must name no message of the new one
    again.acknowledge()
    device.link.stop()
    station.link.stop()


def test_the_link_comes_back_by_itself_and_says_so(broker: MosquittoBroker) -> None:
    # row 167
    device = Ear(broker.address("s0001.k01"), RESULT)
    broker.kill()
    assert device.ups.get(timeout=PATIENCE_S) is False
    assert not device.link.is_connected
    assert not device.link.publish(EVENT, b"lost here, kept in the outbox")
    broker.start()
    assert device.ups.get(timeout=PATIENCE_S) is True
    device.link.stop()


def test_an_error_in_a_handler_does_not_end_the_link(broker: MosquittoBroker) -> None:
    heard = threading.Event()

    def fail_once(delivery: Delivery) -> None:
        delivery.acknowledge()
        if delivery.payload == b"poison":
            raise RuntimeError("a handler broke")
        heard.set()

    up = threading.Event()
    station = MqttLink(broker.address("s0001.station"), (EVENT,), fail_once, lambda state: up.set())
    station.start()
    assert up.wait(PATIENCE_S)
    device = Ear(broker.address("s0001.k01"), RESULT)
    device.link.publish(EVENT, b"poison")
    device.link.publish(EVENT, b"good")
    assert heard.wait(PATIENCE_S)
    device.link.stop()
    station.stop()


def test_what_would_never_pass_the_broker_is_refused_before_it_is_queued(broker: MosquittoBroker) -> None:
    device = Ear(broker.address("s0001.k01"), RESULT)
    with pytest.raises(OversizedMessageError):
        device.link.publish(EVENT, b"x" * (MAX_PAYLOAD_BYTES + 1))
    assert device.link.is_connected
    device.link.stop()


def test_a_device_that_vanishes_is_offline_and_one_that_leaves_says_goodbye(broker: MosquittoBroker) -> None:
    station = Ear(broker.address("s0001.station"), PRESENCE)
    will = Will(PRESENCE, b"offline", delay_s=0)
    device = Ear(broker.address("s0001.k01", session_expiry_s=0), RESULT, will=will)
    device.link.publish(PRESENCE, b"online", retain=True)
    assert station.heard.get(timeout=PATIENCE_S).payload == b"online"
    wire = device.link._client.socket()
    assert wire is not None
    with suppress(OSError):  # the wire may have been lost already: that is vanishing too
        wire.shutdown(socket.SHUT_RDWR)
    assert station.heard.get(timeout=PATIENCE_S).payload == b"offline"
    assert device.ups.get(timeout=PATIENCE_S) is False
    assert device.ups.get(timeout=PATIENCE_S) is True
    device.link.stop(goodbye=(PRESENCE, b"goodbye"))
    last = station.heard.get(timeout=PATIENCE_S).payload
    if last == b"online":  # its PUBACK was cut off with the wire, so it was sent once more
        last = station.heard.get(timeout=PATIENCE_S).payload
    assert last == b"goodbye"
    station.link.stop()


def test_no_delay_is_set_on_the_wire(broker: MosquittoBroker) -> None:
    # part of row 172
    device = Ear(broker.address("s0001.k01"), RESULT)
    wire = device.link._client.socket()
    assert wire is not None
    assert wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
    device.link.stop()


def test_a_missing_certificate_is_an_error_that_names_it(broker: MosquittoBroker, tmp_path: Path) -> None:
    address = BrokerAddress(
        "127.0.0.1",
        broker.port,
        tmp_path / "ca.pem",
        tmp_path / "certificate.pem",
        tmp_path / "k",
        "s0001.k01",
    )
    link = MqttLink(address, (), lambda delivery: None, lambda up: None)
    with pytest.raises(LinkError, match=r"certificate\.pem"):
        link.start()


def test_threads_that_publish_at_once_lose_and_mix_nothing(broker: MosquittoBroker) -> None:
    station = Ear(broker.address("s0001.station"), EVENT)
    device = Ear(broker.address("s0001.k01"), RESULT)

    def publish(thread: int) -> None:
        for number in range(100):
            assert device.link.publish(EVENT, f"{thread} {number}".encode() + b"." * 3000)

    threads = [threading.Thread(target=publish, args=(thread,)) for thread in range(6)]
    for thread in threads:
        thread.start()
    heard: dict[int, list[int]] = {}
    for _ in range(600):
        delivery = station.heard.get(timeout=PATIENCE_S)
        thread, number = map(int, delivery.payload.rstrip(b".").split())
        heard.setdefault(thread, []).append(number)
        delivery.acknowledge()
    assert heard == {thread: list(range(100)) for thread in range(6)}
    device.link.stop()
    station.link.stop()


def test_a_broker_that_dies_under_a_publishing_thread_is_told_on_the_network_thread(
    broker: MosquittoBroker,
) -> None:
    told_on: queue.Queue[tuple[bool, int]] = queue.Queue()
    link = MqttLink(
        broker.address("s0001.k01"),
        (RESULT,),
        lambda delivery: None,
        lambda up: told_on.put((up, threading.get_ident())),
    )
    link.start()
    _, network_thread = told_on.get(timeout=PATIENCE_S)
    broker.kill()
    while link.publish(EVENT, b"x" * 3000):
        pass
    assert told_on.get(timeout=PATIENCE_S) == (False, network_thread)
    broker.start()
    assert told_on.get(timeout=PATIENCE_S) == (True, network_thread)
    link.stop()
