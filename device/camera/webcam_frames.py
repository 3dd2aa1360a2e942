"""A USB webcam through the kernel's video interface (V4L2), by linuxpy."""

import contextlib
import io
import logging
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from PIL import Image

from device.camera.frames import Frame
from device.camera.grey import grey_plane
from device.decoding.zxing import Grey
from device.errors import CameraError
from runtime.clock import Clock

_log = logging.getLogger(__name__)

_CHEAPEST_FIRST = ("GREY", "NV12", "YUV420", "YUYV", "MJPEG", "JPEG")
"""Grey lies bare in the first four; the others must be unpacked."""

_COMPRESSED = frozenset({"MJPEG", "JPEG"})
_BUFFERS = 4
_MOST_STALE = 16
_WANTED_CONTROLS = {"exposure_dynamic_framerate": False, "focus_automatic_continuous": True}
"""No exposure longer than a frame: a card in a moving hand needs light, not time. Focus, where it has one."""


def _open_camera(path: str) -> tuple[Any, Any]:
    try:
        from linuxpy.video.device import (  # noqa: PLC0415 - hardware library, loaded only where it is configured
            Device,
            VideoCapture,
        )
    except ImportError as error:
        raise CameraError(f"the webcam's library is not installed: {error}") from error
    device = Device(path)
    device.open()
    return device, VideoCapture(device, size=_BUFFERS)


class WebcamFrames:
    """Frames of one webcam.

    Args:
        path: Its node, best below /dev/v4l/by-id, which stays the same over restarts and ports.
        size: Width and height in pixels; the camera takes what it has that is nearest.
        frames_per_s: How many frames to ask for; also the ceiling on what decoding costs.
        clock: Gives the time of frames.
        open_camera: Makes linuxpy's device, opened, and its capture; tests give their own.
    """

    def __init__(
        self,
        path: str,
        size: tuple[int, int],
        frames_per_s: int,
        clock: Clock,
        open_camera: Callable[[str], tuple[Any, Any]] = _open_camera,
    ) -> None:
        self._path = path
        self._size = size
        self._frames_per_s = frames_per_s
        self._clock = clock
        self._open_camera = open_camera
        self._device: Any = None
        self._capture: Any = None
        self._format = ""
        self._given = size
        self._row_bytes = 0

    def start(self) -> str:
        try:
            self._device, self._capture = self._open_camera(self._path)
            self._agree_on_format()
            with contextlib.suppress(OSError):  # some drivers know no rates
                self._capture.set_fps(self._frames_per_s)
            self._steady()
            self._capture.open()
            name = str(self._device.info.card)
        except CameraError:
            self.stop()
            raise
        except Exception as error:
            # The kernel's refusals are OSErrors, the library's V4L2Error and ValueError.
            self.stop()
            raise CameraError(f"no webcam at {self._path}: {error or type(error).__name__}") from error
        return f"{name} {self._given[0]}x{self._given[1]} {self._format}"

    def next_frame(self, timeout_s: float) -> Frame:
        if self._capture is None:
            raise CameraError("the webcam is not running")
        deadline_s = self._clock.monotonic_s() + timeout_s
        while True:
            data = self._newest(max(0.0, deadline_s - self._clock.monotonic_s()))
            if data is None:
                raise CameraError(f"no whole frame within {timeout_s} s")
            grey = self._grey(data)
            if grey is not None:
                return Frame(grey, self._clock.monotonic_s())
            if self._clock.monotonic_s() >= deadline_s:
                raise CameraError(f"no whole frame within {timeout_s} s")

    def stop(self) -> None:
        device, capture = self._device, self._capture
        self._device = self._capture = None
        for part in (capture, device):
            if part is not None:
                with contextlib.suppress(Exception):  # a camera that was pulled out refuses everything
                    part.close()

    def _agree_on_format(self) -> None:
        """The cheapest format in which the camera gives the size, else the largest picture it gives."""
        offered = {one.pixel_format.name for one in self._capture.formats()}
        best: tuple[int, str] | None = None
        for name in _known(offered):
            width, height = self._ask_for(name)
            if width >= self._size[0] and height >= self._size[1]:
                return
            best = max(best or (0, name), (width * height, name), key=lambda one: one[0])
        if best is None:
            raise CameraError(f"the webcam gives only {', '.join(sorted(offered)) or 'nothing'}")
        self._ask_for(best[1])

    def _ask_for(self, name: str) -> tuple[int, int]:
        self._capture.set_format(*self._size, _fourcc(name))
        given = self._capture.get_format()
        self._format, self._given = str(given.pixel_format.name), (int(given.width), int(given.height))
        self._row_bytes = int(given.bytes_per_line)
        return self._given

    def _steady(self) -> None:
        for control in list(self._device.controls.values()):
            value = _WANTED_CONTROLS.get(str(control.config_name))
            if value is not None:
                try:
                    control.value = value
                except Exception as error:  # noqa: BLE001 - a camera without the control still sees
                    _log.info("webcam control refused", extra={"why": str(error)})

    def _newest(self, timeout_s: float) -> bytes | None:
        """The newest picture; those that came while the last one was decoded are dropped."""
        reader = self._capture.buffer.frame_reader
        newest: bytes | None = None
        try:
            for _ in range(_MOST_STALE):
                frame = reader.read(timeout_s if newest is None else 0)
                if frame is None:
                    break
                newest = bytes(frame)
        except Exception as error:
            raise CameraError(f"the webcam is gone: {error or type(error).__name__}") from error
        return newest

    def _grey(self, data: bytes) -> Grey | None:
        """None for half a picture, as a USB cable at its limit gives now and then."""
        width, height = self._given
        if self._format in _COMPRESSED:
            return _unpacked(data, (width, height))
        row = self._row_bytes or (2 * width if self._format == "YUYV" else width)
        if len(data) < row * height:
            return None
        rows = np.frombuffer(data, dtype=np.uint8, count=row * height).reshape(height, row)
        return grey_plane(rows, self._format, width, height)


def _known(offered: Iterable[str]) -> list[str]:
    return [name for name in _CHEAPEST_FIRST if name in set(offered)]


def _fourcc(name: str) -> str:
    return {"YUV420": "YU12", "MJPEG": "MJPG"}.get(name, name)


def _unpacked(data: bytes, size: tuple[int, int]) -> Grey | None:
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as picture:
            if picture.size != size:
                return None
            picture.draft("L", None)  # the brightness alone, without the colours
            return np.ascontiguousarray(np.asarray(picture.convert("L"), dtype=np.uint8))
    except Exception as error:  # noqa: BLE001 - broken files raise what they like; the next frame is near
        _log.debug("webcam frame left out", extra={"why": str(error)})
        return None
