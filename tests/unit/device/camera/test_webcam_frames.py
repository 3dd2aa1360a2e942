"""USB webcams, with a V4L2 library that has no hardware."""

import inspect
import sys

import pytest

from device.camera.webcam_frames import WebcamFrames
from device.errors import CameraError
from tests.fakes.webcam import FakeWebcam


def frames(clock, camera, size=(640, 480)):
    return WebcamFrames("/dev/video7", size, 15, clock, open_camera=lambda path: (camera, camera))


@pytest.mark.parametrize("name", ["GREY", "NV12", "YUV420", "YUYV", "MJPEG"])
@pytest.mark.parametrize("row_padding", [0, 32])
def test_a_frame_is_grey_whatever_the_camera_sends(clock, name, row_padding):
    camera = FakeWebcam({name: (640, 480)}, row_padding)
    subject = frames(clock, camera)
    assert subject.start() == f"HD Webcam C270 640x480 {name}"
    frame = subject.next_frame(1.0)
    assert frame.grey.shape == (480, 640)
    assert (frame.grey == 100).all()
    assert frame.monotonic_s == clock.monotonic_s()


def test_the_cheapest_format_that_has_the_size_is_taken(clock):
    sizes = {"MJPEG": (1280, 720), "YUYV": (640, 480), "SGRBG8": (1280, 720)}
    assert frames(clock, FakeWebcam(sizes), (640, 480)).start().endswith("640x480 YUYV")
    assert frames(clock, FakeWebcam(sizes), (1280, 720)).start().endswith("1280x720 MJPEG")
    assert frames(clock, FakeWebcam(sizes), (1920, 1080)).start().endswith("1280x720 MJPEG")


def test_a_camera_of_unknown_formats_only_is_refused_and_let_go(clock):
    camera = FakeWebcam({"SGRBG8": (1280, 720)})
    with pytest.raises(CameraError, match="only SGRBG8"):
        frames(clock, camera).start()
    assert camera.closed


def test_exposure_ends_with_the_frame_and_focus_follows(clock):
    camera = FakeWebcam({"YUYV": (640, 480)})
    frames(clock, camera).start()
    assert camera.fps == 15
    assert [control.value for control in camera.controls.values()] == [False, True, None]


def test_only_the_newest_of_the_waiting_frames_is_looked_at(clock):
    camera = FakeWebcam({"GREY": (640, 480)})
    subject = frames(clock, camera)
    subject.start()
    for camera.level in (10, 20, 30):
        camera.waiting.append(camera.picture())
    assert subject.next_frame(1.0).grey[0, 0] == 30
    assert not camera.waiting


@pytest.mark.parametrize("name", ["YUYV", "MJPEG"])
def test_half_a_frame_is_left_out(clock, name):
    camera = FakeWebcam({name: (640, 480)})
    subject = frames(clock, camera)
    subject.start()
    camera.waiting.append(camera.picture()[:300])
    assert subject.next_frame(1.0).grey.shape == (480, 640)


def test_a_stalled_camera_is_an_error_within_the_time_given(clock):
    camera = FakeWebcam({"YUYV": (640, 480)})
    subject = frames(clock, camera)
    subject.start()
    camera.stalls = True
    with pytest.raises(CameraError, match=r"1\.5 s"):
        subject.next_frame(1.5)
    assert camera.waits == [1.5]


def test_a_camera_that_was_pulled_out_is_an_error(clock):
    camera = FakeWebcam({"YUYV": (640, 480)})
    subject = frames(clock, camera)
    subject.start()
    camera.is_gone = True
    with pytest.raises(CameraError, match="gone"):
        subject.next_frame(1.0)
    subject.stop()
    assert camera.closed == 2  # the capture and the device


def test_a_missing_library_and_a_missing_node_are_told(clock, monkeypatch):
    with pytest.raises(CameraError, match="/dev/video63"):
        WebcamFrames("/dev/video63", (640, 480), 10, clock).start()
    monkeypatch.setitem(sys.modules, "linuxpy.video.device", None)
    with pytest.raises(CameraError, match="not installed"):
        WebcamFrames("/dev/video63", (640, 480), 10, clock).start()


def test_the_library_still_has_what_the_driver_uses():
    from linuxpy.video import device as library

    assert inspect.signature(library.FrameReader.read).parameters["timeout"].default is None
    assert {"set_format", "get_format", "set_fps", "formats", "open", "close"} <= set(
        dir(library.VideoCapture)
    )
    assert {"bytes_per_line", "pixel_format", "width", "height"} <= set(
        inspect.signature(library.Format).parameters
    )
    names = library.PixelFormat.__members__
    assert {"GREY", "NV12", "YUV420", "YUYV", "MJPEG", "JPEG"} <= set(names)
    assert hasattr(library.BaseControl, "config_name")
