"""What the station does with what the broker delivers, before any event is looked at."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from checkout.devices import DeviceRegistry
from checkout.lanes import LaneDevices
from checkout.link import StationLink
from messaging.codec import encode
from messaging.mqtt import BrokerAddress, Delivery
from messaging.station.presence import Presence
from messaging.topics import device_topic
from runtime.ids import boot_id
from tests.fakes.clock import FakeClock

DEVICE = "s0001.k01"
EVENT, PRESENCE = device_topic(DEVICE, "event"), device_topic(DEVICE, "presence")


@dataclass
class Desk:
    """A link that is not connected, and what came out of it."""

    events: list[bytes] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    acknowledged: int = 0
    devices: DeviceRegistry = field(default_factory=DeviceRegistry)

    def __post_init__(self) -> None:
        nowhere = Path("absent")
        self.link = StationLink(
            address=BrokerAddress("127.0.0.1", 1, nowhere, nowhere, nowhere, "s0001.station"),
            lanes=LaneDevices(),
            devices=self.devices,
            clock=FakeClock(),
            on_event=lambda delivery: self.events.append(delivery.payload),
            on_device=self.changed.append,
            on_link=lambda _: None,
        )

    def deliver(
        self, topic: str, payload: bytes, *, is_retained: bool = False, is_repeated: bool = False
    ) -> None:
        self.link._route(Delivery(topic, payload, is_retained, is_repeated, self._acknowledge))

    def _acknowledge(self) -> None:
        self.acknowledged += 1


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_retained_event_is_not_taken_and_not_wanted_again(desk: Desk) -> None:
    desk.deliver(EVENT, b"old", is_retained=True)
    assert (desk.events, desk.changed, desk.acknowledged) == ([], [], 1)


def test_an_event_that_the_broker_delivers_again_is_taken_and_acknowledged_by_its_taker(desk: Desk) -> None:
    desk.deliver(EVENT, b"first")
    desk.deliver(EVENT, b"first", is_repeated=True)
    assert (desk.events, desk.acknowledged) == ([b"first", b"first"], 0)


def test_a_device_s_presence_is_known_also_when_it_was_told_before(desk: Desk) -> None:
    present = Presence(state="online", boot=boot_id(), release="1.0.0")
    desk.deliver(PRESENCE, encode(present), is_retained=True)
    assert desk.devices.state(DEVICE).is_online
    assert (desk.changed, desk.acknowledged) == ([DEVICE], 1)


@pytest.mark.parametrize("payload", [b"", b"{", b'{"v": 2, "state": "online"}', b"\xff", b"[" * 5000])
def test_a_state_that_cannot_be_read_changes_nothing(desk: Desk, payload: bytes) -> None:
    desk.deliver(PRESENCE, payload)
    assert (desk.changed, desk.acknowledged) == ([], 1)
    assert not desk.devices.state(DEVICE).is_online


@pytest.mark.parametrize("topic", ["comptoir/v1/s0001.k01", "comptoir/v1/bell/stable", "other", ""])
def test_what_comes_on_no_device_s_topic_is_put_away(desk: Desk, topic: str) -> None:
    desk.deliver(topic, b"{}")
    assert (desk.events, desk.changed, desk.acknowledged) == ([], [], 1)
