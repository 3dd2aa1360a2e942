"""What every camera does, whatever it is made of."""

import numpy as np
import pytest

from device.camera.picamera2_frames import Picamera2Frames
from device.camera.simulated_frames import SimulatedFrames
from device.camera.webcam_frames import WebcamFrames
from device.errors import CameraError
from runtime.clock import SystemClock
from tests.fakes.picamera2 import FakePicamera2
from tests.fakes.webcam import FakeWebcam

SIZE = (320, 240)


class PicameraHand:
    """Somebody who can pull out a fake Raspberry Pi camera."""

    def __init__(self):
        self.is_in = True
        self.camera = None
        self.source = Picamera2Frames(SIZE, 100, SystemClock(), open_camera=self._open)

    def _open(self):
        if not self.is_in:
            raise IndexError("list index out of range")
        self.camera = FakePicamera2()
        return self.camera

    def unplug(self):
        self.is_in = False
        if self.camera is not None:
            self.camera.stalls = True

    def plug(self):
        self.is_in = True


class WebcamHand:
    """Somebody who can pull out a fake webcam."""

    def __init__(self):
        self.is_in = True
        self.camera = None
        self.source = WebcamFrames("/dev/video0", SIZE, 100, SystemClock(), open_camera=self._open)

    def _open(self, path):
        if not self.is_in:
            raise FileNotFoundError(2, "No such file or directory", path)
        self.camera = FakeWebcam({"YUYV": SIZE})
        return self.camera, self.camera

    def unplug(self):
        self.is_in = False
        if self.camera is not None:
            self.camera.is_gone = True

    def plug(self):
        self.is_in = True


class SimulatedHand:
    """Somebody who uses the product's own simulated camera."""

    def __init__(self):
        self.source = SimulatedFrames(SIZE, 100, SystemClock())
        self.unplug, self.plug = self.source.unplug, self.source.plug


@pytest.fixture(params=[PicameraHand, WebcamHand, SimulatedHand])
def hand(request):
    hand = request.param()
    yield hand
    hand.source.stop()


def test_frames_are_grey_contiguous_and_of_the_size_asked(hand):
    assert hand.source.start()
    for _ in range(3):
        frame = hand.source.next_frame(2.0)
        assert frame.grey.shape == (240, 320)
        assert frame.grey.dtype == np.uint8
        assert frame.grey.flags.c_contiguous


def test_times_of_frames_never_go_back(hand):
    hand.source.start()
    times = [hand.source.next_frame(2.0).monotonic_s for _ in range(5)]
    assert times == sorted(times)


def test_no_frame_before_the_start_and_none_after_the_stop(hand):
    with pytest.raises(CameraError):
        hand.source.next_frame(0.1)
    hand.source.start()
    hand.source.stop()
    with pytest.raises(CameraError):
        hand.source.next_frame(0.1)


def test_a_camera_pulled_out_is_an_error_and_works_again_after_a_new_start(hand):
    hand.source.start()
    hand.unplug()
    with pytest.raises(CameraError):
        hand.source.next_frame(0.2)
    hand.source.stop()
    with pytest.raises(CameraError):
        hand.source.start()
    hand.plug()
    assert hand.source.start()
    assert hand.source.next_frame(2.0).grey.shape == (240, 320)


def test_stopping_twice_is_harmless(hand):
    hand.source.start()
    hand.source.stop()
    hand.source.stop()
