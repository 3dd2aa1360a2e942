"""What a program can do at a simulated counter: type, show, unplug, touch, look."""

import io
from collections.abc import Callable, Mapping
from typing import Any

from device.camera.scene import code_picture
from device.camera.simulated_frames import SimulatedFrames
from device.decoding.pictures import grey_of
from device.errors import SimulationError
from device.mirror import Mirror
from device.scanners.keys import Key
from device.scanners.simulated_scanner import SimulatedScanner


class SimulatedCounter:
    """Any thread. A part that is not simulated is refused, never replaced by another.

    Args:
        scanners: The simulated scanners by name.
        camera: The simulated camera with its name, if there is one.
        mirror: The way to the kiosk's screen.
        status: Gives the device's state as JSON-serialisable data.
    """

    def __init__(
        self,
        scanners: Mapping[str, SimulatedScanner],
        camera: tuple[str, SimulatedFrames] | None,
        mirror: Mirror,
        status: Callable[[], dict[str, Any]],
    ) -> None:
        self._scanners = scanners
        self._camera = camera
        self._mirror = mirror
        self._status = status

    def type(self, text: str, reader: str | None, layout: str | None, *, press_enter: bool) -> None:
        """Scan a text with a scanner set to a layout; the first scanner where none is named.

        Raises:
            SimulationError: There is no such simulated scanner.
            ScannerError: It is unplugged, or the layout cannot type the text.
        """
        self._scanner(reader).scan(text, layout, Key.ENTER if press_enter else None)

    def show_picture(self, encoded: bytes, seconds: float) -> None:
        """Hold a picture (PNG, JPEG, …) in front of the camera.

        Raises:
            SimulationError: There is no simulated camera.
            PictureError: It is no picture.
        """
        frames = self._frames()
        frames.show(grey_of(io.BytesIO(encoded)), seconds)

    def show_code(self, text: str, seconds: float) -> None:
        """Hold a QR code in front of the camera.

        Raises:
            SimulationError: There is no simulated camera, or the text does not fit a QR code.
        """
        frames = self._frames()
        try:
            picture = code_picture(text)
        except ValueError as error:
            raise SimulationError(f"no QR code holds this text: {error}") from error
        frames.show(picture, seconds)

    def plug(self, reader: str | None, *, is_in: bool) -> None:
        """Plug a reader in or pull it out; the first scanner where none is named.

        Raises:
            SimulationError: There is no such simulated reader.
        """
        part: SimulatedScanner | SimulatedFrames
        if self._camera is not None and reader == self._camera[0]:
            part = self._camera[1]
        else:
            part = self._scanner(reader)
        if is_in:
            part.plug()
        else:
            part.unplug()

    def touch(self, x: float, y: float) -> None:
        """Touch the kiosk's screen.

        Raises:
            SimulationError: See :meth:`Mirror.touch`.
        """
        self._mirror.touch(x, y)

    def picture(self) -> dict[str, Any]:
        """The kiosk's screen: ``image_base64``, ``width``, ``height``, ``step`` and ``texts``.

        Raises:
            SimulationError: See :meth:`Mirror.picture`.
        """
        return self._mirror.picture().model_dump(mode="json", exclude={"v", "kind", "request"})

    def status(self) -> dict[str, Any]:
        """The state of the device and its parts."""
        return self._status()

    def _scanner(self, reader: str | None) -> SimulatedScanner:
        name = next(iter(self._scanners), None) if reader is None else reader
        if name is None or name not in self._scanners:
            raise SimulationError(f"there is no simulated scanner {reader or ''}".strip())
        return self._scanners[name]

    def _frames(self) -> SimulatedFrames:
        if self._camera is None:
            raise SimulationError("there is no simulated camera")
        return self._camera[1]
