"""The section [device] and what is made of it."""

import pytest
from pydantic import ValidationError

from device.camera.camera_scanner import CameraScanner
from device.configuration import DeviceSettings
from device.health import HealthBoard
from device.readers import make_readers
from device.scanners.evdev_scanner import EvdevScanner
from device.scanners.simulated_scanner import SimulatedScanner
from runtime.config import load_section
from runtime.errors import ConfigurationError

BASE = """
[device]
name = "s0001.k01"
seal_public_key_file = "seal.pub"
outbox = "outbox.db"
[device.broker]
ca_file = "ca.pem"
certificate_file = "certificate.pem"
key_file = "key.pem"
"""


def load(tmp_path, more=""):
    path = tmp_path / "comptoir.toml"
    path.write_text(BASE + more)
    return load_section(path, "device", DeviceSettings)


def test_a_headless_scanner_needs_little_and_simulates_nothing(tmp_path):
    settings = load(tmp_path, '[[device.scanners]]\nusb = "0c2e:0b61"\n')
    assert settings.kiosk_socket is None
    assert settings.simulation is None
    assert not settings.mirror.accepted
    assert settings.camera.kind == "none"
    assert settings.scanners[0].kind == "evdev"


def test_simulated_parts_are_made_only_where_the_configuration_names_them(tmp_path, clock):
    settings = load(
        tmp_path,
        '[[device.scanners]]\nname = "front"\nby_id = "/dev/input/by-id/x-event-kbd"\n'
        '[[device.scanners]]\nname = "played"\nkind = "simulated"\nlayout = "fr"\n'
        '[device.camera]\nkind = "picamera2"\nsize = "1536x864"\n',
    )
    readers = make_readers(settings, clock, HealthBoard())
    assert [type(reader) for reader in readers.all] == [EvdevScanner, SimulatedScanner, CameraScanner]
    assert [reader.reader for reader in readers.all] == ["front", "played", "camera"]
    assert list(readers.simulated_scanners) == ["played"]
    assert readers.simulated_camera is None
    assert settings.camera.pixels == (1536, 864)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("[[device.scanners]]\n", "either by_id or usb"),
        ('[[device.scanners]]\nusb = "0c2e:0b61"\nby_id = "/dev/x"\n', "either by_id or usb"),
        ('[[device.scanners]]\nkind = "simulated"\nusb = "0c2e:0b61"\n', "either by_id or usb"),
        ('[[device.scanners]]\nusb = "0C2E-0B61"\n', "usb"),
        ('[[device.scanners]]\nkind = "simulated"\nlayuot = "us"\n', "layuot"),
        ('[device.camera]\nkind = "simulated"\nformats = ["QR"]\n', "formats"),
        ('[device.camera]\nkind = "simulated"\nsize = "wide"\n', "size"),
        ('[[device.scanners]]\nkind="simulated"\n[[device.scanners]]\nkind="simulated"\n', "same name"),
        (
            '[[device.scanners]]\nby_id="/dev/x"\n[[device.scanners]]\nname="b"\nby_id="/dev/x"\n',
            "same by_id",
        ),
        ('[[device.scanners]]\nkind="simulated"\nname="outbox"\n', "a part of every device"),
        ("[device.simulation]\n", "socket"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path, more, words):
    with pytest.raises(ConfigurationError, match=words):
        load(tmp_path, more)


def test_a_name_that_no_certificate_bears_is_refused():
    with pytest.raises(ValidationError, match="name"):
        DeviceSettings.model_validate({"name": "front counter"})
