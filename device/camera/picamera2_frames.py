"""A Raspberry Pi camera through picamera2, which comes from the system together with libcamera."""

import contextlib
import importlib.util
import logging
import sys
import types
from collections.abc import Callable
from typing import Any

from device.camera.frames import Frame
from device.camera.grey import grey_plane
from device.errors import CameraError
from runtime.clock import Clock

_log = logging.getLogger(__name__)

_AE_EXPOSURE_SHORT = 1
_AF_CONTINUOUS = 2
"""Values of libcamera's AeExposureMode and AfMode controls."""


def _open_camera() -> Any:
    _stand_in_for_kms()
    try:
        from picamera2 import Picamera2  # noqa: PLC0415 - hardware library, loaded only where it is configured
    except ImportError as error:
        raise CameraError(f"the camera's driver is not installed: {error}") from error
    return Picamera2()


def _stand_in_for_kms() -> None:
    """Let picamera2 be imported without ``pykms``, which its preview windows name and nothing here uses.

    Debian has no package of it; Raspberry Pi OS does.
    """
    if "pykms" in sys.modules or importlib.util.find_spec("pykms") is not None:
        return
    stand_in: Any = types.ModuleType("pykms")
    stand_in.PixelFormat = _AnyPixelFormat()
    sys.modules["pykms"] = stand_in


class _AnyPixelFormat:
    def __getattr__(self, name: str) -> str:
        return name


class Picamera2Frames:
    """Frames of the first camera.

    Exposure is capped by the frame's duration and by the short exposure mode: a card in a moving hand
    needs light, not time.

    Args:
        size: Width and height in pixels; 1280x720 at least for one-dimensional codes.
        frames_per_s: How many frames to ask for; also the ceiling on what decoding costs.
        clock: Gives the time of frames.
        open_camera: Makes the ``Picamera2`` object; tests give their own.
    """

    def __init__(
        self,
        size: tuple[int, int],
        frames_per_s: int,
        clock: Clock,
        open_camera: Callable[[], Any] = _open_camera,
    ) -> None:
        self._size = size
        self._frame_us = round(1_000_000 / frames_per_s)
        self._clock = clock
        self._open_camera = open_camera
        self._camera: Any = None
        self._format = ""

    def start(self) -> str:
        try:
            self._camera = self._open_camera()
            offered = self._camera.camera_controls
            controls: dict[str, object] = {"FrameDurationLimits": (self._frame_us, self._frame_us)}
            if "AeExposureMode" in offered:
                controls["AeExposureMode"] = _AE_EXPOSURE_SHORT
            if "AfMode" in offered:
                controls["AfMode"] = _AF_CONTINUOUS
            configuration = self._camera.create_video_configuration(
                main={"size": self._size, "format": "YUV420"}, buffer_count=4, controls=controls
            )
            self._camera.configure(configuration)
            main = self._camera.camera_configuration()["main"]
            self._format, self._size = str(main["format"]), tuple(main["size"])
            self._camera.start()
            model = str(self._camera.camera_properties.get("Model", "camera"))
        except CameraError:
            raise
        except Exception as error:
            # libcamera's binding raises IndexError for "no camera", RuntimeError for "busy", and others.
            self.stop()
            raise CameraError(f"no camera: {error or type(error).__name__}") from error
        return f"{model} {self._size[0]}x{self._size[1]} {self._format}"

    def next_frame(self, timeout_s: float) -> Frame:
        camera = self._camera
        if camera is None:
            raise CameraError("the camera is not running")
        try:
            # A plain capture_array() waits for ever on a camera that stalled.
            job = camera.capture_array("main", wait=False)
            pixels = camera.wait(job, timeout=timeout_s)
        except Exception as error:
            raise CameraError(f"no frame within {timeout_s} s: {error or type(error).__name__}") from error
        return Frame(grey_plane(pixels, self._format, *self._size), self._clock.monotonic_s())

    def stop(self) -> None:
        camera, self._camera = self._camera, None
        for release in ("stop", "close"):
            with contextlib.suppress(Exception):
                if camera is not None:
                    getattr(camera, release)()
