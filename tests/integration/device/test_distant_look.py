"""Staff elsewhere look at a device over a real broker: its screen where that was let, its last lines washed."""

import base64
import io
import threading
import time
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from PIL import Image

from checkout.devices import DeviceRegistry
from checkout.fleet_desk.distant_looks import DistantLooks, DistantView
from checkout.lanes import LaneDevices
from checkout.link import StationLink
from device.bootstrap import Device
from fleet.agent.broker_line import BrokerLine
from fleet.agent.configuration import AgentBrokerSettings
from fleet.agent.own_logs import MOST_BYTES, OwnLogs
from loyalty.domain.shop import Lane
from messaging.local.from_kiosk import PictureTaken, SessionStarted
from messaging.station.distant_look import LookKind
from runtime.clock import SystemClock
from runtime.ids import new_id
from tests.fakes.kiosk import FakeKiosk

DEVICE = "s0001.k01"
LINES = (
    '{"message": "paired", "wifi_psk": "tres-secret-42"}\n'
    "psk=tres-secret-42 next\n"
    "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\n-----END PRIVATE KEY-----\n"
    "called +33 6 98 76 54 32, wrote to ada@example.org\n"
    "key 0123456789abcdefABCDEF0123456789abcdefABCDEF0123456789abcdefABCDEF\n"
    "blob " + "ab" * 32 + " is damaged\n"
)


@pytest.fixture
def looks(broker, station) -> Iterator[DistantLooks]:
    station.stop()  # two with one name would drive each other out
    up = threading.Event()
    link: StationLink

    def send(name, asked, expires_s):
        return link.send_look(name, asked, expires_s)

    asked = DistantLooks(send, SystemClock())
    link = StationLink(
        address=broker.address("s0001.station"),
        lanes=LaneDevices([Lane(UUID(int=1), 1, DEVICE)]),
        devices=DeviceRegistry(),
        clock=SystemClock(),
        on_event=lambda delivery: delivery.acknowledge(),
        on_device=lambda _name: None,
        on_link=lambda is_up: up.set() if is_up else None,
        on_look=asked.answered,
    )
    link.start()
    assert up.wait(15)
    yield asked
    link.stop()


def settled(looks: DistantLooks, what: LookKind) -> DistantView:
    looks.ask(DEVICE, what)
    return once(lambda: looks.of(DEVICE, what))


def once(view: Callable[[], DistantView | None]) -> DistantView:
    for _ in range(2000):
        found = view()
        assert found is not None
        if not found.is_waiting:
            return found
        time.sleep(0.01)
    raise AssertionError("no answer")


def noisy_screen() -> str:
    file = io.BytesIO()
    Image.effect_noise((1280, 800), 90).convert("RGB").save(file, "PNG", compress_level=1)
    return base64.b64encode(file.getvalue()).decode()


def test_a_picture_leaves_only_while_staff_at_the_screen_let_it_and_nobody_is_served(
    device: Device, kiosk: FakeKiosk, looks: DistantLooks
) -> None:
    drawn = noisy_screen()

    def answer_one() -> None:
        asked = kiosk.until("picture_asked")
        kiosk.say(
            PictureTaken(request=asked.request, width=1280, height=800, image_base64=drawn, step="idle")
        )

    mirror = device.counter._mirror
    mirror._is_accepted = False  # as in a shop: only the demonstration's configuration accepts it for ever
    assert settled(looks, "picture").why_not == "not_allowed"

    mirror.allow(on=True)
    threading.Thread(target=answer_one).start()
    seen = settled(looks, "picture")
    assert seen.why_not is None
    with Image.open(io.BytesIO(seen.content)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (800, 500))
    assert seen.allowed_s is not None
    assert 800 < seen.allowed_s <= 900

    session = new_id()
    kiosk.say(SessionStarted(session=session))
    while device.counter.session != session:
        time.sleep(0.01)
    assert settled(looks, "picture").why_not == "in_use"

    mirror.allow(on=False)
    assert settled(looks, "picture").why_not == "not_allowed"
    assert kiosk.messages.empty()


def test_the_last_lines_come_washed_and_bounded(broker, looks: DistantLooks) -> None:
    folder = broker.folder(f"{DEVICE}-fleet")
    reach = AgentBrokerSettings(
        host=broker.host,
        port=broker.port,
        ca_file=folder / "ca.pem",
        certificate_file=folder / "certificate.pem",
        key_file=folder / "key.pem",
    )
    tails = ["", LINES, "début\n" + "é" * 1500 + "\n" + "line\n" * 40_000]
    logs = OwnLogs(lambda: tails[0])
    line = BrokerLine(
        DEVICE, "stable", reach, release="1.0.0", on_ring=lambda _bell: None, on_look=logs.asked
    )
    line.start()
    try:
        while not line.is_connected:
            time.sleep(0.01)
        assert settled(looks, "log").why_not == "no_log"
        tails.pop(0)
        text = settled(looks, "log").content.decode()
        for secret in ("tres-secret", "MIIEvQ", "98 76", "ada@", "ABCDEF"):
            assert secret not in text
        assert "ab" * 32 in text, "the hash of a blob is what one looks for"
        assert '"message": "paired"' in text
        tails.pop(0)
        long = settled(looks, "log").content
        assert MOST_BYTES - 2_000 < len(long) <= MOST_BYTES
        assert long.endswith(b"line")
    finally:
        line.stop()
