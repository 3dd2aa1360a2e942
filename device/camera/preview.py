"""The camera's picture for the customer's screen, in memory that both processes share.

Frames are written only while the screen shows them, into a file on the RAM disk beside the kiosk's socket;
the last one is wiped when it does not. Nothing is ever stored.
"""

import logging
import mmap
import os
import struct
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np

from device.camera.frames import Frame
from messaging.local.to_kiosk import PreviewReady, ToKiosk

_log = logging.getLogger(__name__)

WIDEST = 640
HEADER = struct.Struct("<QQ")
"""Frames begun and finished: a frame is whole while both are equal."""


class Preview:
    """``want`` on the local socket's thread, ``frame`` on the camera's.

    Args:
        path: Of the shared file; made with mode 0640 for the group that the kiosk shares.
        size: Width and height of the camera's frames.
        to_kiosk: Sends to the kiosk; never blocks.
    """

    def __init__(self, path: Path, size: tuple[int, int], to_kiosk: Callable[[ToKiosk], bool]) -> None:
        self._path = path
        self._step = -(-size[0] // WIDEST)
        self._width, self._height = -(-size[0] // self._step), -(-size[1] // self._step)
        self._to_kiosk = to_kiosk
        self._lock = threading.Lock()
        self._memory: mmap.mmap | None = None
        self._count = 0

    def want(self, on: bool) -> None:
        """The screen shows the picture now, or no longer."""
        with self._lock:
            if not on:
                self._close()
                return
            try:
                self._open()
            except OSError as error:
                _log.warning("no preview of the camera", extra={"why": error.strerror or str(error)})
                return
        self._to_kiosk(PreviewReady(file=str(self._path), width=self._width, height=self._height))

    def frame(self, frame: Frame) -> None:
        """Pass a frame on, if the screen shows it; a frame of another size is left out."""
        small = frame.grey[:: self._step, :: self._step]
        with self._lock:
            if self._memory is None or small.shape != (self._height, self._width):
                return
            self._count += 1
            HEADER.pack_into(self._memory, 0, self._count, self._count - 1)
            pixels = np.frombuffer(self._memory, np.uint8, offset=HEADER.size)
            pixels.reshape(self._height, self._width)[:] = small
            del pixels  # a view keeps the memory from being closed
            HEADER.pack_into(self._memory, 0, self._count, self._count)

    def _open(self) -> None:
        if self._memory is not None:
            return
        length = HEADER.size + self._width * self._height
        self._path.unlink(missing_ok=True)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.fchmod(descriptor, 0o640)
            os.ftruncate(descriptor, length)
            self._memory = mmap.mmap(descriptor, length)
        finally:
            os.close(descriptor)
        self._count = 0

    def _close(self) -> None:
        memory, self._memory = self._memory, None
        if memory is None:
            return
        memory[:] = bytes(len(memory))
        memory.close()
        self._path.unlink(missing_ok=True)
