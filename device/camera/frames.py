"""The port of every camera: grey frames, the newest first and only."""

from dataclasses import dataclass
from typing import Protocol

from device.decoding.zxing import Grey


@dataclass(frozen=True)
class Frame:
    """One picture of the scene.

    Args:
        grey: Rows by columns, 0 black to 255 white.
        monotonic_s: When it came, on the clock of this boot.
    """

    grey: Grey
    monotonic_s: float


class FrameSource(Protocol):
    """A camera. All calls on one thread, the reader's; after an error ``stop`` and ``start`` begin anew."""

    def start(self) -> str:
        """Open the camera and let it run; a few words on what it is, for the health page.

        Raises:
            CameraError: There is none, it is busy, or its driver is missing.
        """

    def next_frame(self, timeout_s: float) -> Frame:
        """Wait for a frame younger than this call's predecessor; older ones that nobody took are gone.

        Raises:
            CameraError: None came in time, or the camera is gone.
        """

    def stop(self) -> None:
        """Let the camera go; harmless where it does not run."""
