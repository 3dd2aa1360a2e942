"""The Raspberry Pi's camera, with a picamera2 that has no hardware."""

import sys
import types

import pytest

from device.camera.picamera2_frames import Picamera2Frames
from device.errors import CameraError
from tests.fakes.picamera2 import FakePicamera2


def frames(clock, camera, **changes):
    return Picamera2Frames((640, 360), 20, clock, open_camera=lambda: camera, **changes)


def test_it_asks_for_yuv_short_exposures_and_continuous_focus(clock):
    camera = FakePicamera2()
    assert frames(clock, camera).start() == "imx708 640x360 YUV420"
    assert camera.asked["main"] == {"size": (640, 360), "format": "YUV420"}
    assert camera.asked["controls"] == {
        "FrameDurationLimits": (50_000, 50_000),
        "AeExposureMode": 1,
        "AfMode": 2,
    }


def test_controls_that_a_camera_lacks_are_not_asked_for(clock):
    camera = FakePicamera2(controls=())
    frames(clock, camera).start()
    assert camera.asked["controls"].keys() == {"FrameDurationLimits"}


def test_a_frame_is_grey_whatever_the_camera_gives(clock):
    for pixel_format in ("YUV420", "RGB888"):
        subject = frames(clock, FakePicamera2(pixel_format))
        subject.start()
        frame = subject.next_frame(1.5)
        assert frame.grey.shape == (360, 640)
        assert (frame.grey == 77).all()
        assert frame.monotonic_s == clock.monotonic_s()


def test_a_stalled_camera_is_an_error_within_the_time_given(clock):
    camera = FakePicamera2()
    subject = frames(clock, camera)
    subject.start()
    camera.stalls = True
    with pytest.raises(CameraError, match=r"1\.5 s"):
        subject.next_frame(1.5)
    assert camera.waits == [1.5]
    subject.stop()
    assert camera.is_closed
    with pytest.raises(CameraError, match="not running"):
        subject.next_frame(1.0)


def test_picamera2_is_imported_where_its_preview_s_library_is_missing(clock, monkeypatch):
    monkeypatch.delitem(sys.modules, "pykms", raising=False)
    library = types.ModuleType("picamera2")

    def opened():
        import pykms

        assert pykms.PixelFormat.XRGB8888
        return FakePicamera2()

    library.Picamera2 = opened
    monkeypatch.setitem(sys.modules, "picamera2", library)
    assert Picamera2Frames((640, 360), 20, clock).start() == "imx708 640x360 YUV420"
    monkeypatch.delitem(sys.modules, "pykms", raising=False)


def test_a_missing_driver_is_told_by_its_name(clock, monkeypatch):
    monkeypatch.setitem(sys.modules, "picamera2", None)
    with pytest.raises(CameraError, match="not installed"):
        Picamera2Frames((640, 360), 20, clock).start()


def test_no_camera_is_an_error_and_leaves_nothing_open(clock):
    camera = FakePicamera2()

    def broken(configuration):
        raise IndexError("list index out of range")

    camera.configure = broken
    with pytest.raises(CameraError, match="no camera"):
        frames(clock, camera).start()
    assert camera.is_closed
