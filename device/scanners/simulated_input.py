"""A keyboard made of a pipe: plugged in, typed on and pulled out by a program.

It raises what the kernel raises (ENODEV after an unplug, EBUSY on a second grab), so that whatever
reads it runs the code it would run with a real one.
"""

import errno
import os
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from device.errors import ScannerError
from device.scanners.input_devices import EV_KEY, EV_SYN, SYN_DROPPED, InputNode
from device.scanners.keys import DIGITS, Key

_PATH = "simulated/event0"
_QUEUED_EVENTS = 100_000
"""More than the kernel keeps, because a program types faster than a scanner; beyond it SYN_DROPPED comes."""


@dataclass(frozen=True)
class SimulatedEvent:
    """One event, shaped as evdev's."""

    type: int
    code: int
    value: int
    at_s: float | None = None


@dataclass(frozen=True)
class SimulatedInfo:
    """Who made the device: nobody (no USB vendor has the number 0)."""

    vendor: int = 0
    product: int = 0


class SimulatedKeyboard:
    """One plugged-in keyboard: lives from plug to unplug."""

    path = _PATH
    name = "simulated scanner"
    phys = "simulated/input0"
    info = SimulatedInfo()

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._events: list[SimulatedEvent] = []
        self._readable, self._bell = os.pipe()
        self._gone = False
        self._grabbed = False

    def fileno(self) -> int:
        return self._readable

    def capabilities(self) -> Mapping[int, list[int]]:
        return {EV_KEY: [*DIGITS, Key.ENTER]}

    def read(self) -> Iterable[SimulatedEvent]:
        with self._lock:
            if self._gone and not self._events:
                raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
            if not self._events:
                raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
            events, self._events = self._events, []
            if not self._gone:
                os.read(self._readable, 1)  # after an unplug it stays readable, for the error that follows
        return events

    def grab(self) -> None:
        with self._lock:
            if self._gone:
                raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
            if self._grabbed:
                raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))
            self._grabbed = True

    def ungrab(self) -> None:
        with self._lock:
            self._grabbed = False

    def close(self) -> None:
        with self._lock:
            if self._readable >= 0:
                os.close(self._readable)
                os.close(self._bell)
                self._readable = self._bell = -1

    def press(self, strokes: Iterable[tuple[int, int]]) -> None:
        """Key events, as (position, value)."""
        self.emit(SimulatedEvent(EV_KEY, code, value) for code, value in strokes)

    def emit(self, events: Iterable[SimulatedEvent]) -> None:
        """Append events; the reader wakes."""
        with self._lock:
            was_empty = not self._events
            self._events += events
            if len(self._events) > _QUEUED_EVENTS:
                self._events = [SimulatedEvent(EV_SYN, SYN_DROPPED, 0)]
            if was_empty and self._events and self._bell >= 0:
                os.write(self._bell, b"k")

    def pull_out(self) -> None:
        """Unplug: once what was typed before is read, every call fails."""
        with self._lock:
            was_empty = not self._events
            self._gone = True
            if was_empty and self._bell >= 0:
                os.write(self._bell, b"g")


class SimulatedInputDevices:
    """A machine with one place to plug a simulated keyboard into; it starts plugged in."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keyboard: SimulatedKeyboard | None = SimulatedKeyboard()
        self.plugged = threading.Event()
        self.plugged.set()

    def paths(self) -> list[str]:
        return [_PATH] if self._keyboard is not None else []

    def resolve(self, path: str) -> str | None:
        return path if path in self.paths() else None

    def open(self, path: str) -> InputNode:
        keyboard = self._keyboard
        if keyboard is None or path != _PATH:
            raise ScannerError(f"cannot open {path}: {os.strerror(errno.ENOENT)}")
        return keyboard

    def keyboard(self) -> SimulatedKeyboard:
        """The plugged-in keyboard.

        Raises:
            ScannerError: It is unplugged.
        """
        keyboard = self._keyboard
        if keyboard is None:
            raise ScannerError("the simulated scanner is unplugged")
        return keyboard

    def unplug(self) -> None:
        with self._lock:
            keyboard, self._keyboard = self._keyboard, None
            self.plugged.clear()
        if keyboard is not None:
            keyboard.pull_out()

    def plug(self) -> None:
        with self._lock:
            if self._keyboard is None:
                self._keyboard = SimulatedKeyboard()
            self.plugged.set()
