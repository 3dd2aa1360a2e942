"""Makes the configured readers: the one place that names their implementations. A new kind is a line here."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field

from codes.scanned import ScannedCard, classify
from device.camera.camera_scanner import CameraScanner
from device.camera.frames import Frame, FrameSource
from device.camera.picamera2_frames import Picamera2Frames
from device.camera.simulated_frames import SimulatedFrames
from device.camera.webcam_frames import WebcamFrames
from device.configuration import CameraSettings, DeviceSettings, ScannerSettings
from device.decoding.agreement import FrameVotes
from device.decoding.process import DecoderProcess
from device.health import HealthBoard
from device.readings import Scanner
from device.scanners.evdev_scanner import EvdevScanner
from device.scanners.input_devices import EvdevInputDevices
from device.scanners.key_decoder import KeyRules
from device.scanners.layouts import LAYOUTS
from device.scanners.node_search import UsbId
from device.scanners.serial_decoder import SerialRules
from device.scanners.serial_scanner import SerialScanner
from device.scanners.simulated_scanner import SimulatedScanner
from runtime.clock import Clock


@dataclass
class Readers:
    """All readers, and those of them that a program may play."""

    all: list[Scanner] = field(default_factory=list)
    simulated_scanners: dict[str, SimulatedScanner] = field(default_factory=dict)
    simulated_camera: tuple[str, SimulatedFrames] | None = None


def make_readers(
    settings: DeviceSettings,
    clock: Clock,
    board: HealthBoard,
    on_frame: Callable[[Frame], None] | None = None,
) -> Readers:
    """The readers, not started yet; ``on_frame`` sees every frame of the camera."""
    readers = Readers()
    for one in settings.scanners:
        scanner = _scanner(one, clock, board)
        readers.all.append(scanner)
        if isinstance(scanner, SimulatedScanner):
            readers.simulated_scanners[one.name] = scanner
    if settings.camera.kind != "none":
        source = _frames(settings.camera, clock)
        readers.all.append(_camera(settings.camera, source, board, on_frame))
        if isinstance(source, SimulatedFrames):
            readers.simulated_camera = (settings.camera.name, source)
    return readers


def _scanner(settings: ScannerSettings, clock: Clock, board: HealthBoard) -> Scanner:
    if settings.kind == "serial":
        return _serial(settings, clock, board)
    rules = KeyRules(
        LAYOUTS[settings.layout],
        silence_s=settings.silence_ms / 1000,
        end=settings.end,
        prefix=settings.prefix,
        suffix=settings.suffix,
    )
    if settings.kind == "simulated":
        return SimulatedScanner(settings.name, rules, clock=clock, board=board)
    wanted = UsbId.parse(settings.usb) if settings.usb is not None else os.fspath(settings.by_id or "")
    return EvdevScanner(settings.name, wanted, rules, devices=EvdevInputDevices(), clock=clock, board=board)


def _serial(settings: ScannerSettings, clock: Clock, board: HealthBoard) -> Scanner:
    rules = SerialRules(settings.silence_ms / 1000, settings.end, settings.prefix, settings.suffix)
    path = os.fspath(settings.by_id or "")
    return SerialScanner(settings.name, path, settings.baud, rules, clock=clock, board=board)


def _frames(settings: CameraSettings, clock: Clock) -> FrameSource:
    if settings.kind == "simulated":
        return SimulatedFrames(settings.pixels, settings.frames_per_s, clock)
    if settings.kind == "webcam":
        return WebcamFrames(os.fspath(settings.path), settings.pixels, settings.frames_per_s, clock)
    return Picamera2Frames(settings.pixels, settings.frames_per_s, clock)


def _camera(
    settings: CameraSettings,
    source: FrameSource,
    board: HealthBoard,
    on_frame: Callable[[Frame], None] | None,
) -> CameraScanner:
    width, height = settings.pixels
    # A camera may round the size up to what its sensor can do.
    decoder = DecoderProcess(settings.formats, 2 * width * height)
    return CameraScanner(
        settings.name, source, decoder, FrameVotes(_is_signed), board=board, on_frame=on_frame
    )


def _is_signed(text: str) -> bool:
    """Whether a text carries its own proof, so that one read of it is enough."""
    return isinstance(classify(text), ScannedCard)
