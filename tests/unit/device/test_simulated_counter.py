"""What a program can do at a simulated counter."""

import pytest

from device.camera.simulated_frames import SimulatedFrames
from device.errors import PictureError, ScannerError, SimulationError
from device.health import HealthBoard
from device.mirror import Mirror
from device.scanners.key_decoder import KeyRules
from device.scanners.layouts import US
from device.scanners.simulated_scanner import SimulatedScanner
from device.simulated_counter import SimulatedCounter
from tests.fakes.clock import FakeClock


@pytest.fixture
def counter(clock):
    scanner = SimulatedScanner("usb", KeyRules(US), clock=clock, board=HealthBoard())
    frames = SimulatedFrames((320, 240), 100, clock)
    return SimulatedCounter(
        {"usb": scanner}, ("camera", frames), Mirror(False, lambda message: True, FakeClock()), dict
    )


def test_a_part_that_is_not_simulated_is_refused_and_never_replaced_by_another(counter):
    bare = SimulatedCounter({}, None, Mirror(False, lambda message: True, FakeClock()), dict)
    for act in (
        lambda: counter.type("A", "other", None, press_enter=True),
        lambda: bare.type("A", None, None, press_enter=True),
        lambda: bare.show_code("A", 1.0),
        lambda: bare.plug(None, is_in=False),
        lambda: counter.plug("other", is_in=True),
    ):
        with pytest.raises(SimulationError):
            act()


def test_an_unplugged_scanner_types_nothing(counter):
    counter.plug(None, is_in=False)
    with pytest.raises(ScannerError, match="unplugged"):
        counter.type("A", None, None, press_enter=True)
    counter.plug("usb", is_in=True)
    counter.type("A", "usb", None, press_enter=True)


def test_a_text_that_no_key_types_or_no_code_holds_is_refused(counter):
    with pytest.raises(ScannerError, match="no key"):
        counter.type("é", None, "us", press_enter=True)
    with pytest.raises(SimulationError, match="no QR code"):
        counter.show_code("\u00e9" * 3000, 1.0)
    with pytest.raises(PictureError):
        counter.show_picture(b"no picture", 1.0)
    counter.show_code("CM1ABC", 1.0)


def test_the_mirror_needs_the_devices_consent(counter):
    with pytest.raises(SimulationError, match="not accepted"):
        counter.picture()
    with pytest.raises(SimulationError, match="not accepted"):
        counter.touch(0.5, 0.5)
