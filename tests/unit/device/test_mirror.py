"""The mirror: off unless accepted."""

import pytest

from device.errors import SimulationError
from device.mirror import Mirror
from messaging.local.from_kiosk import PictureTaken
from tests.fakes.clock import FakeClock


def test_a_mirror_that_was_not_accepted_sees_and_touches_nothing():
    sent = []
    mirror = Mirror(False, lambda message: sent.append(message) or True, FakeClock())
    for act in (mirror.picture, lambda: mirror.touch(0.5, 0.5)):
        with pytest.raises(SimulationError, match="not accepted"):
            act()
    assert sent == []


def test_without_a_kiosk_or_an_answer_it_says_so():
    absent = Mirror(True, lambda message: False, FakeClock())
    for act in (absent.picture, lambda: absent.touch(0.5, 0.5)):
        with pytest.raises(SimulationError, match="no kiosk"):
            act()
    with pytest.raises(SimulationError, match="answer"):
        Mirror(True, lambda message: True, FakeClock()).picture(timeout_s=0.01)


def test_an_answer_reaches_the_request_it_belongs_to():
    mirror = Mirror(True, lambda message: None, FakeClock())

    def send(message):
        mirror.taken(PictureTaken(request=message.request + 100, width=1, height=1, image_base64="bGF0ZQ=="))
        mirror.taken(PictureTaken(request=message.request, width=1, height=1, image_base64="bm93"))
        return True

    mirror._send = send
    assert mirror.picture().image_base64 == "bm93"


def test_staff_accept_it_for_a_quarter_of_an_hour() -> None:
    # part of row 170
    clock = FakeClock()
    sent: list[object] = []
    mirror = Mirror(False, lambda message: sent.append(message) or True, clock)
    mirror.allow(on=True)
    mirror.touch(0.1, 0.1)
    clock.advance(15 * 60 - 1)
    mirror.touch(0.1, 0.1)
    clock.advance(1)
    with pytest.raises(SimulationError):
        mirror.touch(0.1, 0.1)
    mirror.allow(on=True)
    mirror.allow(on=False)
    with pytest.raises(SimulationError):
        mirror.touch(0.1, 0.1)
    assert len(sent) == 2
