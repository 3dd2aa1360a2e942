"""What the committed configuration does beyond access: revoking, restarts, sizes, delays."""

import contextlib
import socket
import statistics
import threading
import time
from collections.abc import Callable

from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from messaging.codec import MAX_PAYLOAD_BYTES
from messaging.topics import bell_topic, device_topic
from tests.fakes.broker import MosquittoBroker
from tests.fakes.mqtt_client import WAIT_S, BareClient, lets_in, tls_context
from tests.patience import PATIENCE_S

Connect = Callable[..., BareClient]
MakeBroker = Callable[..., MosquittoBroker]

EVENT = device_topic("s0001.k01", "event")
RESULT = device_topic("s0001.k01", "result")


def test_revoking_binds_a_live_session_in_both_directions(connect: Connect, make_broker: MakeBroker) -> None:
    broker = make_broker()
    station, revoked, other = (connect(n, broker) for n in ("s0001.station", "s0001.k01", "s0001.k02"))
    station.subscribe("comptoir/v1/+/event")
    revoked.subscribe(RESULT)
    assert not revoked.publish(EVENT, b"before").is_failure
    assert station.next_message()[1] == b"before"

    broker.revoke("s0001.k01")

    assert revoked.publish(EVENT, b"after").is_failure
    other.publish(device_topic("s0001.k02", "event"), b"other")
    assert station.next_message()[1] == b"other"
    station.publish(RESULT, b"secret")
    broker.revoke()
    station.publish(RESULT, b"marker")
    assert revoked.next_message()[1] == b"marker"


def test_revoking_a_device_binds_the_live_session_of_its_update_agent(
    connect: Connect, make_broker: MakeBroker
) -> None:
    reported, look = (device_topic("s0001.k01-fleet", branch) for branch in ("reported", "look"))
    broker = make_broker()
    station, agent = connect("s0001.station", broker), connect("s0001.k01-fleet", broker)
    station.subscribe(reported)
    agent.subscribe(look)
    agent.subscribe(bell_topic("stable"))
    assert not agent.publish(reported, b"before").is_failure
    assert station.next_message()[1] == b"before"

    broker.revoke("s0001.k01")

    assert agent.publish(reported, b"after").is_failure
    station.publish(look, b"lines, please")
    station.publish(bell_topic("stable"), b"rung")
    broker.revoke()
    station.publish(look, b"marker")
    assert agent.next_message()[1] == b"marker"


def lost_by(broker: MosquittoBroker, name: str) -> tuple[threading.Event, threading.Thread]:
    """A connection that nobody makes anew; the event is set once the broker has closed it."""
    folder, lost, up = broker.folder(name), threading.Event(), threading.Event()

    def read() -> None:
        context = tls_context(folder / "ca.pem", folder)
        with (
            socket.create_connection((broker.host, broker.port), timeout=PATIENCE_S) as plain,
            context.wrap_socket(plain, server_hostname=broker.host) as link,
        ):
            link.sendall(bytes.fromhex("101000044d5154540502003c0000036b3031"))
            with contextlib.suppress(OSError):
                while link.recv(256):
                    up.set()
        lost.set()

    reading = threading.Thread(target=read, daemon=True)
    reading.start()
    assert up.wait(PATIENCE_S)
    return lost, reading


def test_the_connections_of_a_revoked_device_and_its_agent_are_closed_and_do_not_come_back(
    make_broker: MakeBroker,
) -> None:
    names = ("s0001.k01", "s0001.k01-fleet")
    broker = make_broker()
    held = [lost_by(broker, name) for name in names]
    for name in names:
        broker.authority.revoke(name)
    broker.revoke(*names)
    assert not any(lost.is_set() for lost, _ in held), "the lists alone close nothing"

    broker.stop()  # comptoir-broker.service starts it anew once they changed
    for lost, reading in held:
        assert lost.wait(PATIENCE_S)
        reading.join(PATIENCE_S)
    broker.start()

    for name in (*names, "s0001.k02"):
        folder = broker.folder(name)
        assert lets_in(broker.address(name), tls_context(folder / "ca.pem", folder)) is (name not in names)


def test_a_revoked_certificate_makes_no_new_connection_after_a_reload(
    make_broker: MakeBroker,
) -> None:
    broker = make_broker()
    broker.authority.revoke("s0001.k01")
    broker.reload()

    for name, is_let_in in (("s0001.k01", False), ("s0001.k02", True)):
        folder = broker.folder(name)
        assert lets_in(broker.address(name), tls_context(folder / "ca.pem", folder)) is is_let_in


def test_a_subscribers_session_outlives_a_restart(connect: Connect, make_broker: MakeBroker) -> None:
    broker = make_broker()
    station = connect("s0001.station", broker, keep_session=True)
    station.subscribe(EVENT)
    station.close()
    broker.restart()
    device = connect("s0001.k01", broker)

    assert not device.publish(EVENT, b"while away").is_failure
    back = connect("s0001.station", broker, keep_session=True)

    assert back.next_message() == (EVENT, b"while away")


def test_the_broker_takes_the_largest_message_of_the_product(connect: Connect) -> None:
    station, device = connect("s0001.station"), connect("s0001.k01")
    station.subscribe(EVENT)

    device.publish(EVENT, b"x" * MAX_PAYLOAD_BYTES)

    assert len(station.next_message()[1]) == MAX_PAYLOAD_BYTES
    assert device.properties.MaximumPacketSize == 16384


def test_an_oversized_packet_ends_the_connection_and_reaches_nobody(
    connect: Connect, make_broker: MakeBroker
) -> None:
    broker = make_broker()
    station, device, other = (connect(n, broker) for n in ("s0001.station", "s0001.k01", "s0001.k02"))
    station.subscribe("comptoir/v1/+/event")

    device.publish_unanswered(EVENT, b"x" * 20_000)

    assert device.lost.wait(PATIENCE_S)
    device.close()
    other.publish(device_topic("s0001.k02", "event"), b"marker")
    assert station.next_message()[1] == b"marker"


def test_the_keep_alive_is_bounded_by_the_broker(broker: MosquittoBroker) -> None:
    folder = broker.folder("s0001.h01")
    told: list[object] = []
    client = Client(CallbackAPIVersion.VERSION2, client_id="s0001.h01", protocol=MQTTv5)
    client.tls_set_context(tls_context(folder / "ca.pem", folder))
    client.on_connect = lambda _c, _d, _f, _r, properties: told.append(properties.ServerKeepAlive)
    properties = Properties(PacketTypes.CONNECT)
    client.connect(broker.host, broker.port, keepalive=600, properties=properties)
    deadline = time.monotonic() + WAIT_S
    while not told and time.monotonic() < deadline:
        client.loop(0.2)
    client.disconnect()

    assert told == [120]


def round_trip_p50_ms(station: BareClient, device: BareClient, rounds: int) -> float:
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        device.publish_unanswered(EVENT, b"question")
        station.next_message()
        station.publish_unanswered(RESULT, b"answer")
        device.next_message()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def test_no_answer_waits_for_a_delayed_acknowledgement(connect: Connect, make_broker: MakeBroker) -> None:
    def without_it(conf: str) -> str:
        assert "set_tcp_nodelay true\n" in conf
        return conf.replace("set_tcp_nodelay true\n", "")

    p50_ms = {}
    for name, broker in (("committed", make_broker()), ("without", make_broker(edit_conf=without_it))):
        station, device = connect("s0001.station", broker), connect("s0001.k01", broker)
        station.subscribe(EVENT)
        device.subscribe(RESULT)
        round_trip_p50_ms(station, device, 5)
        p50_ms[name] = round_trip_p50_ms(station, device, 25)

    assert p50_ms["without"] - p50_ms["committed"] > 25, p50_ms  # a delay of 40 ms on any machine
