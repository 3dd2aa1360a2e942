"""The camera's picture: frames that the device process writes, into one texture, with no copy on the way."""

import mmap
import os
import struct
from pathlib import Path
from typing import Any

from kivy.clock import Clock
from kivy.event import EventDispatcher
from kivy.graphics.texture import Texture
from kivy.properties import NumericProperty, ObjectProperty

_HEADER = struct.Struct("<QQ")
_FRAMES_A_S = 15
_MOST_PIXELS = 4_000_000


class CameraFrames(EventDispatcher):
    """Follows the shared file while it is open. Drawing thread.

    Attributes:
        texture: Grey, mirrored by whoever draws it; the same object for all frames.
        number: Of the frame that it shows; 0 before the first.

    Raises:
        OSError: The file cannot be opened.
        ValueError: It is smaller than such a picture.
    """

    texture = ObjectProperty(None, allownone=True)
    number = NumericProperty(0)

    def __init__(self, path: Path, width: int, height: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        length = _HEADER.size + width * height
        if not 0 < width * height <= _MOST_PIXELS:
            raise ValueError(f"a picture of {width}x{height} is none")
        descriptor = os.open(path, os.O_RDONLY)
        try:
            if os.fstat(descriptor).st_size < length:
                raise ValueError("the shared file is too small")
            # Kivy takes no buffer that it could not write to. It never does, so that no page is ever copied.
            self._memory = mmap.mmap(
                descriptor, length, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_WRITE
            )
        finally:
            os.close(descriptor)
        self._pixels = memoryview(self._memory)[_HEADER.size :]
        self.texture = Texture.create(size=(width, height), colorfmt="luminance")
        self._clock = Clock.schedule_interval(self._look, 1 / _FRAMES_A_S)

    def close(self) -> None:
        """Follow no longer."""
        self._clock.cancel()
        self.texture = None
        self._pixels.release()
        self._memory.close()

    def _look(self, *_: Any) -> None:
        begun, finished = _HEADER.unpack_from(self._memory)
        if begun != finished or finished in (0, self.number):
            return
        self.texture.blit_buffer(self._pixels, colorfmt="luminance", bufferfmt="ubyte")
        self.number = finished
