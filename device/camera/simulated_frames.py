"""A camera whose scene a program decides, for demonstrations and tests."""

import threading

from device.camera.frames import Frame
from device.camera.scene import Scene
from device.decoding.zxing import Grey
from device.errors import CameraError
from runtime.clock import Clock


class SimulatedFrames:
    """Frames of an empty counter, or of the picture that ``show`` holds up for some seconds.

    ``show``, ``unplug`` and ``plug`` may be called from any thread.

    Args:
        size: Width and height in pixels.
        frames_per_s: How often a frame comes.
        clock: Gives the time of frames and of how long a picture is held.
    """

    def __init__(self, size: tuple[int, int], frames_per_s: float, clock: Clock) -> None:
        self._size = size
        self._pause_s = 1.0 / frames_per_s
        self._clock = clock
        self._scene = Scene(size)
        self._lock = threading.Lock()
        self._held: Grey | None = None
        self._held_until_s = 0.0
        self._plugged = True
        self._running = False
        self._news = threading.Event()

    def start(self) -> str:
        with self._lock:
            if not self._plugged:
                raise CameraError("the simulated camera is unplugged")
            self._running = True
        self._news.set()
        return f"simulated camera {self._size[0]}x{self._size[1]}"

    def next_frame(self, timeout_s: float) -> Frame:
        # A picture just held up makes the next frame at once; otherwise frames come at their rate.
        self._news.wait(min(self._pause_s, timeout_s))
        self._news.clear()
        with self._lock:
            if not (self._plugged and self._running):
                raise CameraError("the simulated camera is unplugged")
            now_s = self._clock.monotonic_s()
            if self._held is not None and now_s >= self._held_until_s:
                self._held = None
            return Frame(self._scene.frame(self._held), now_s)

    def stop(self) -> None:
        with self._lock:
            self._running = False

    def show(self, picture: Grey, seconds: float = 3.0) -> None:
        """Hold a picture up; it takes the place of one that is still held."""
        held = self._scene.hold(picture)
        with self._lock:
            self._held = held
            self._held_until_s = self._clock.monotonic_s() + seconds
        self._news.set()

    def unplug(self) -> None:
        with self._lock:
            self._plugged = False
        self._news.set()

    def plug(self) -> None:
        with self._lock:
            self._plugged = True
