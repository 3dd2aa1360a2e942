"""What a certificate may do once it is in. The broker grants every subscription and filters at delivery,
so each refusal is shown by a marker that arrives behind a message that must not."""

from collections.abc import Callable

import pytest

from messaging.topics import bell_topic, device_topic, identified_topic, register_topic
from tests.fakes.mqtt_client import BareClient

Connect = Callable[..., BareClient]


def test_a_device_reaches_its_station_and_gets_its_answer(connect: Connect) -> None:
    station, device = connect("s0001.station"), connect("s0001.k01")
    station.subscribe(device_topic("s0001.k01", "event"))
    device.subscribe(device_topic("s0001.k01", "result"))

    assert not device.publish(device_topic("s0001.k01", "event"), b"1").is_failure
    assert station.next_message() == ("comptoir/v1/s0001.k01/event", b"1")
    assert not station.publish(device_topic("s0001.k01", "result"), b"2").is_failure
    assert device.next_message() == ("comptoir/v1/s0001.k01/result", b"2")


def test_a_device_on_another_devices_topic_is_refused_and_not_delivered(connect: Connect) -> None:
    station, neighbour, device = connect("s0001.station"), connect("s0001.k02"), connect("s0001.k01")
    station.subscribe(device_topic("s0001.k02", "event"))

    assert str(device.publish(device_topic("s0001.k02", "event"), b"forged")) == "Not authorized"
    neighbour.publish(device_topic("s0001.k02", "event"), b"genuine")

    assert station.next_message() == ("comptoir/v1/s0001.k02/event", b"genuine")


def test_a_device_cannot_answer_for_the_station(connect: Connect) -> None:
    station, device = connect("s0001.station"), connect("s0001.k01")
    device.subscribe(device_topic("s0001.k01", "result"))

    assert device.publish(device_topic("s0001.k01", "result"), b"forged").is_failure
    station.publish(device_topic("s0001.k01", "result"), b"genuine")

    assert device.next_message()[1] == b"genuine"


@pytest.mark.parametrize("name", ["s0001.k01", "s0001.k01-fleet", "s0001.pos-one"])
def test_subscribing_to_everything_yields_nothing_foreign(connect: Connect, name: str) -> None:
    curious, neighbour, station = connect(name), connect("s0001.k02"), connect("s0001.station")
    assert not curious.subscribe("#").is_failure
    curious.subscribe("$SYS/#")

    neighbour.publish(device_topic("s0001.k02", "event"), b"foreign")
    neighbour.publish(device_topic("s0001.k02", "presence"), b"foreign")
    station.publish(device_topic("s0001.k02", "result"), b"foreign")
    station.publish(device_topic("s0001.k02", "sale"), b"foreign")
    station.publish(identified_topic("s0001", 2), b"foreign")
    marker = {
        "s0001.k01": device_topic("s0001.k01", "sale"),
        "s0001.k01-fleet": bell_topic("stable"),
        "s0001.pos-one": identified_topic("s0001", 1),
    }[name]
    station.publish(marker, b"marker")

    assert curious.next_message() == (marker, b"marker")


def test_a_station_hears_only_the_devices_of_its_lanes(connect: Connect) -> None:
    station, own, foreign = connect("s0001.station"), connect("s0001.k01"), connect("s0002.k01")
    station.subscribe("comptoir/v1/+/event")

    foreign.publish(device_topic("s0002.k01", "event"), b"foreign")
    own.publish(device_topic("s0001.k01", "event"), b"own")

    assert station.next_message()[1] == b"own"
    assert station.publish(device_topic("s0002.k01", "result"), b"x").is_failure


def test_a_device_cannot_ring_or_tell_who_was_identified(connect: Connect) -> None:
    device = connect("s0001.k01")
    assert device.publish(bell_topic("stable")).is_failure
    assert device.publish(identified_topic("s0001", 1)).is_failure
    assert device.publish("comptoir/v1/s0001.k01/other").is_failure


def test_a_client_id_is_the_certificate_so_none_takes_over_another(connect: Connect) -> None:
    first, station = connect("s0001.k01"), connect("s0001.station")
    first.subscribe(device_topic("s0001.k01", "sale"))

    intruder = connect("s0001.k02", client_id="s0001.k01")

    station.publish(device_topic("s0001.k01", "sale"), b"still here")
    assert first.next_message()[1] == b"still here"
    assert not first.lost.is_set()
    assert not intruder.publish(device_topic("s0001.k02", "presence")).is_failure
    assert intruder.publish(device_topic("s0001.k01", "presence")).is_failure


def test_the_last_word_of_a_vanished_device_is_bound_to_its_own_branch(connect: Connect) -> None:
    station, agent = connect("s0001.station"), connect("s0001.k01-fleet")
    agent.publish(device_topic("s0001.k01-fleet", "presence"), b"", retain=True)  # what a true agent left
    station.subscribe(device_topic("s0001.k01-fleet", "presence"))

    assert agent.publish(device_topic("s0001.k01", "presence"), b"forged").is_failure
    assert not agent.publish(device_topic("s0001.k01-fleet", "presence"), b"own").is_failure

    assert station.next_message() == ("comptoir/v1/s0001.k01-fleet/presence", b"own")


def test_a_register_asks_on_its_own_branch_and_hears_its_own_answers_only(connect: Connect) -> None:
    # part of rows 195, 211
    station, pos, device = connect("s0001.station"), connect("s0001.pos-one"), connect("s0001.k01")
    stranger = connect("s0002.station")
    ask, answer = register_topic("s0001.pos-one", "ask"), register_topic("s0001.pos-one", "answer")
    station.subscribe(ask)
    stranger.subscribe("#")
    pos.subscribe("#")

    assert not pos.publish(ask, b"question").is_failure
    assert station.next_message() == (ask, b"question")
    assert pos.publish(answer, b"forged").is_failure
    assert pos.publish(register_topic("s0001.pos-two", "ask"), b"forged").is_failure
    assert device.publish(ask, b"forged").is_failure
    assert stranger.publish(answer, b"forged").is_failure
    assert not station.publish(answer, b"genuine").is_failure
    assert pos.next_message() == (answer, b"genuine")
