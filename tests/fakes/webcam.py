"""A webcam's device and capture, as linuxpy gives them, without a camera."""

import errno
import io
from collections import deque
from types import SimpleNamespace

import numpy as np
from PIL import Image


class FakeWebcam:
    """What the driver uses of linuxpy's ``Device`` and ``VideoCapture``; the buffers are what cameras send.

    Args:
        sizes: The largest width and height by format's name, as in ``{"YUYV": (640, 480)}``.
        row_padding: Bytes at the end of each row.
    """

    def __init__(self, sizes, row_padding=0):
        self.sizes = sizes
        self.info = SimpleNamespace(card="HD Webcam C270")
        self.controls = {
            1: FakeControl("exposure_dynamic_framerate"),
            2: FakeControl("focus_automatic_continuous"),
            3: FakeControl("brightness"),
        }
        self.row_padding = row_padding
        self.fps = None
        self.closed = 0
        self.is_streaming = False
        self.is_gone = False
        self.stalls = False
        self.waiting: deque[bytes] = deque()
        self.level = 100
        self.waits: list[float] = []
        self.buffer = SimpleNamespace(frame_reader=self)
        self._format = None

    def formats(self):
        return [SimpleNamespace(pixel_format=SimpleNamespace(name=name)) for name in self.sizes]

    def set_format(self, width, height, pixel_format):
        name = {"YU12": "YUV420", "MJPG": "MJPEG"}.get(pixel_format, pixel_format)
        most = self.sizes[name]
        self._format = (name, min(width, most[0]), min(height, most[1]))

    def get_format(self):
        name, width, height = self._format
        row = 0 if name == "MJPEG" else width * (2 if name == "YUYV" else 1) + self.row_padding
        return SimpleNamespace(
            pixel_format=SimpleNamespace(name=name), width=width, height=height, bytes_per_line=row
        )

    def set_fps(self, fps):
        self.fps = fps

    def open(self):
        self.is_streaming = True

    def close(self):
        self.closed += 1
        self.is_streaming = False

    def read(self, timeout):
        """As its frame reader: bytes, or None after the time."""
        self.waits.append(timeout)
        if self.is_gone:
            raise OSError(errno.ENODEV, "No such device")
        if self.stalls or not self.is_streaming:
            return None
        if self.waiting:
            return self.waiting.popleft()
        return self.picture() if timeout else None

    def picture(self):
        """What the camera sends of an even scene."""
        name, width, height = self._format
        if name == "MJPEG":
            file = io.BytesIO()
            Image.new("RGB", (width, height), (self.level,) * 3).save(file, "JPEG", quality=80)
            return file.getvalue()
        if name == "YUYV":
            rows = np.full((height, width * 2 + self.row_padding), 128, dtype=np.uint8)
            rows[:, : width * 2 : 2] = self.level
            return rows.tobytes()
        plane = np.full((height, width + self.row_padding), self.level, dtype=np.uint8)
        return plane.tobytes() + bytes(width * height // 2)


class FakeControl:
    def __init__(self, config_name):
        self.config_name = config_name
        self.value = None
