"""A whole device on a real broker, with a station that answers."""

import json
import socket

import pytest

from device.bootstrap import Device
from device.configuration import DeviceSettings
from messaging.seal import Opener
from runtime.clock import SystemClock
from tests.fakes.kiosk import FakeKiosk
from tests.fakes.station import FakeStation


@pytest.fixture
def settings(broker, tmp_path):
    """The section [device] for s0001.k01; ``run/`` below tmp_path holds its sockets."""
    folder = broker.folder("s0001.k01")
    return DeviceSettings.model_validate(
        {
            "name": "s0001.k01",
            "broker": {
                "host": broker.host,
                "port": broker.port,
                "ca_file": str(folder / "ca.pem"),
                "certificate_file": str(folder / "certificate.pem"),
                "key_file": str(folder / "key.pem"),
            },
            "seal_public_key_file": str(folder / "seal.pub"),
            "card_verification_keys_file": str(folder / "cards.pub"),
            "outbox": str(tmp_path / "outbox.db"),
            "kiosk_socket": str(tmp_path / "run" / "kiosk.sock"),
            "mirror": {"accepted": True},
            "scanners": [{"name": "usb", "kind": "simulated"}],
            "camera": {"kind": "simulated", "size": "480x360"},
            "simulation": {"socket": str(tmp_path / "run" / "simulation.sock")},
        }
    )


@pytest.fixture
def station(broker):
    station = FakeStation(
        broker.address("s0001.station"), Opener.from_file(broker.folder("s0001.station") / "seal.key")
    )
    yield station
    station.stop()


@pytest.fixture
def deaths():
    return []


@pytest.fixture
def device(settings, station, deaths):
    device = Device(settings, SystemClock(), deaths.append)
    device.start()
    yield device
    device.stop()
    assert deaths == []


@pytest.fixture
def kiosk(device, settings):
    kiosk = FakeKiosk(settings.kiosk_socket)
    yield kiosk
    kiosk.stop()


def asker(settings):
    """What asks the simulation door of a device, and gives its answer."""

    def ask(**request):
        with socket.socket(socket.AF_UNIX) as peer:
            peer.settimeout(20)
            peer.connect(str(settings.simulation.socket))
            peer.sendall(json.dumps(request).encode() + b"\n")
            return json.loads(peer.makefile("rb").readline())

    return ask


@pytest.fixture
def simulation(device, settings):
    return asker(settings)


@pytest.fixture
def simulation_of():
    return asker
