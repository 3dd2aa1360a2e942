"""Section ``[device]`` of the machine's configuration. What the shop decides comes from the station."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from device.decoding.formats import ALL_FORMATS, COUNTER_FORMATS
from device.signals.settings import SignalSettings
from messaging.model import DeviceName
from messaging.renewal_watch import RenewalSettings
from runtime.config import ConfiguredPath, Section
from runtime.figures import FiguresSettings

_PARTS = frozenset({"certificate", "decoder", "kiosk", "outbox", "signals", "uplink"})
"""Of every device, under their own names on the health page."""

ReaderName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,30}$")]


class BrokerSettings(Section):
    """Where the store's Mosquitto is, and the device's certificate."""

    host: str = "localhost"
    port: Annotated[int, Field(ge=1, le=65_535)] = 8883
    ca_file: ConfiguredPath
    certificate_file: ConfiguredPath
    key_file: ConfiguredPath


_DEFAULT_SIZES = {"picamera2": "1280x720", "webcam": "1280x720", "simulated": "640x480", "none": "640x480"}


class ScannerSettings(Section):
    """One ``[[device.scanners]]``: one that plays a keyboard, one on a serial port, or a simulated one.

    Attributes:
        name: Of the reader, in events and on the health page.
        kind: ``simulated`` types only what the simulation socket is told.
        by_id: Path of the event node, best below /dev/input/by-id; of the port, below /dev/serial/by-id.
        usb: Vendor and product as in ``0c2e:0b61``, instead of ``by_id``.
        layout: The keyboard that the scanner is set to play; a serial one plays none.
        baud: Bits a second of a serial port; scanners on USB take any.
        end: What ends a code: a key (ENTER, TAB; on a serial port CR or LF), or silence.
        silence_ms: After so long without a key, what was typed is over.
        prefix: Removed from the front of a code.
        suffix: Removed from its end.
    """

    name: ReaderName = "scanner"
    kind: Literal["evdev", "serial", "simulated"] = "evdev"
    by_id: ConfiguredPath | None = None
    usb: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{4}:[0-9a-f]{4}$")] | None = None
    layout: Literal["us", "fr", "de", "es", "uk"] = "us"
    end: Literal["key", "silence"] = "key"
    baud: Literal[1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200] = 9600
    silence_ms: Annotated[int, Field(ge=20, le=5000)] = 500
    prefix: Annotated[str, StringConstraints(max_length=16)] = ""
    suffix: Annotated[str, StringConstraints(max_length=16)] = ""

    @model_validator(mode="after")
    def _names_one_device(self) -> Self:
        named = (self.by_id is not None) + (self.usb is not None)
        if named != (0 if self.kind == "simulated" else 1):
            raise ValueError("a scanner has either by_id or usb, a simulated one has neither")
        if self.kind == "serial" and self.by_id is None:
            raise ValueError("a serial scanner is named by by_id")
        return self


class CameraSettings(Section):
    """``[device.camera]``.

    Attributes:
        name: Of the reader.
        kind: ``none`` where the counter has no camera.
        path: Of a webcam's node, best below /dev/v4l/by-id.
        size: Width and height of the frames in pixels; 1280x720 at least for one-dimensional codes. A
            simulated camera makes do with less, because it costs the machine that plays everything.
        frames_per_s: Asked of the camera; also the ceiling on what decoding costs.
        formats: The symbologies that are looked for.
    """

    name: ReaderName = "camera"
    kind: Literal["picamera2", "webcam", "simulated", "none"] = "none"
    path: ConfiguredPath = Path("/dev/video0")
    size: Annotated[str, StringConstraints(pattern=r"^[1-9]\d{2,3}x[1-9]\d{2,3}$")] | None = None
    frames_per_s: Annotated[int, Field(ge=1, le=60)] = 10
    formats: tuple[str, ...] = tuple(sorted(COUNTER_FORMATS))

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height."""
        width, _, height = (self.size or _DEFAULT_SIZES[self.kind]).partition("x")
        return int(width), int(height)

    @model_validator(mode="after")
    def _known_formats(self) -> Self:
        unknown = sorted(set(self.formats) - ALL_FORMATS)
        if unknown or not self.formats:
            raise ValueError(f"formats must be some of {', '.join(sorted(ALL_FORMATS))}")
        return self


class MirrorSettings(Section):
    """``[device.mirror]``.

    Attributes:
        accepted: Whether the simulation's door may see and touch the kiosk's screen.
    """

    accepted: bool = False


class SimulationSettings(Section):
    """``[device.simulation]``: opens a door for programs that play scanner, camera and finger."""

    socket: ConfiguredPath


class DeviceSettings(Section):
    """The device's process.

    Attributes:
        name: Its certificate's name, as in ``s0001.k01``.
        seal_public_key_file: The station's public key, to which events are sealed.
        card_verification_keys_file: Public keys of this shop's cards; without it the station alone judges
            signatures.
        outbox: Where events lie until they are answered.
        outbox_most_events: Beyond so many, new ones are refused, and the kiosk says so.
        kiosk_socket: Where the kiosk connects; None for a scanner without a screen.
    """

    name: DeviceName
    broker: BrokerSettings
    seal_public_key_file: ConfiguredPath
    card_verification_keys_file: ConfiguredPath | None = None
    outbox: ConfiguredPath
    outbox_most_events: Annotated[int, Field(ge=10, le=1_000_000)] = 10_000
    kiosk_socket: ConfiguredPath | None = None
    agent_socket: ConfiguredPath | None = None
    """Where the update agent asks how the device is; None where no agent updates it."""
    renewal: RenewalSettings | None = None
    """How the certificate is renewed; None where somebody brings the next one."""
    mirror: MirrorSettings = MirrorSettings()
    scanners: tuple[ScannerSettings, ...] = ()
    camera: CameraSettings = CameraSettings()
    signals: SignalSettings | None = None
    """Light and beeper of a counter without a screen; None where there are none."""
    simulation: SimulationSettings | None = None
    metrics: FiguresSettings | None = None
    """Where a Prometheus on this machine reads; nowhere without it."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @model_validator(mode="after")
    def _readers_have_names_of_their_own(self) -> Self:
        names = [scanner.name for scanner in self.scanners]
        if self.camera.kind != "none":
            names.append(self.camera.name)
        if len(set(names)) != len(names):
            raise ValueError("two readers have the same name")
        if taken := sorted(set(names) & _PARTS):
            raise ValueError(f"no reader can be called {taken[0]}: a part of every device is")
        places = [scanner.by_id for scanner in self.scanners if scanner.by_id is not None]
        if len(set(places)) != len(places):
            raise ValueError("two scanners have the same by_id")
        return self
