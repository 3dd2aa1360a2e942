"""The thin seam to the kernel's input devices; the only module that imports the evdev library."""

import contextlib
import logging
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

from device.errors import ScannerError
from device.scanners.key_relay import KeyRelay, RelayedEvent

_log = logging.getLogger(__name__)

EV_SYN, EV_KEY, SYN_DROPPED = 0, 1, 3


class InputEvent(Protocol):
    """One kernel event."""

    @property
    def type(self) -> int: ...

    @property
    def code(self) -> int: ...

    @property
    def value(self) -> int: ...

    @property
    def at_s(self) -> float | None:
        """When the key moved, on the monotonic clock; None where only the time of reading is known."""


class DeviceInfo(Protocol):
    """Who made the device."""

    @property
    def vendor(self) -> int: ...

    @property
    def product(self) -> int: ...


class InputNode(Protocol):
    """One open event node, as ``evdev.InputDevice`` is. Its calls raise ``OSError``."""

    @property
    def path(self) -> str | bytes: ...

    @property
    def name(self) -> str: ...

    @property
    def phys(self) -> str:
        """Where it is plugged in, one number for each of a device's nodes: ``usb-…-1.2/input0``."""

    @property
    def info(self) -> DeviceInfo: ...

    def fileno(self) -> int: ...

    def capabilities(self) -> Mapping[int, Any]:
        """Event types with their codes."""

    def read(self) -> Iterable[InputEvent]:
        """The events that wait; raises ``BlockingIOError`` where none does."""

    def grab(self) -> None:
        """Keep its events from everybody else (EVIOCGRAB)."""

    def ungrab(self) -> None: ...

    def close(self) -> None: ...


class InputDevices(Protocol):
    """All event nodes of a machine."""

    def paths(self) -> list[str]:
        """Paths of the nodes there are now."""

    def resolve(self, path: str) -> str | None:
        """Where a link such as /dev/input/by-id/… points now; None while it does not exist."""

    def open(self, path: str) -> InputNode:
        """The node behind a path.

        Raises:
            ScannerError: It is gone, or may not be opened.
        """


class EvdevInputDevices:
    """The machine's own, through python-evdev."""

    def paths(self) -> list[str]:
        # Not evdev's own list: it leaves out what may not be opened, and somebody must be told of that.
        nodes = [node for node in Path("/dev/input").glob("event*") if node.name[5:].isdigit()]
        return [str(node) for node in sorted(nodes, key=lambda node: int(node.name[5:]))]

    def resolve(self, path: str) -> str | None:
        return os.path.realpath(path) if Path(path).exists() else None

    def open(self, path: str) -> InputNode:
        try:
            import evdev  # noqa: PLC0415 - hardware library, loaded only where it is configured
        except ImportError as error:
            raise ScannerError("the library evdev is not installed; it reads scanners on Linux") from error
        try:
            return _EvdevNode(evdev.InputDevice(path))
        except OSError as error:
            raise ScannerError(f"cannot open {path}: {error.strerror}") from error


class _EvdevNode:
    """``evdev.InputDevice``, read through a relay while it is grabbed: then no key may be lost."""

    def __init__(self, device: Any) -> None:
        self._device = device
        self._relay: KeyRelay | None = None

    @property
    def path(self) -> str | bytes:
        return str(self._device.path)

    @property
    def name(self) -> str:
        return str(self._device.name)

    @property
    def phys(self) -> str:
        return str(self._device.phys)

    @property
    def info(self) -> DeviceInfo:
        info: DeviceInfo = self._device.info
        return info

    def fileno(self) -> int:
        return int(self._device.fileno()) if self._relay is None else self._relay.fileno()

    def capabilities(self) -> Mapping[int, Any]:
        capabilities: Mapping[int, Any] = self._device.capabilities()
        return capabilities

    def read(self) -> Iterable[InputEvent]:
        if self._relay is not None:
            return self._relay.read()
        return [RelayedEvent(event.type, event.code, event.value) for event in self._device.read()]

    def grab(self) -> None:
        self._device.grab()
        try:
            self._relay = KeyRelay(self._device.fileno())
        except OSError as error:
            _log.warning("keys are read without a relay", extra={"why": error.strerror})

    def ungrab(self) -> None:
        self._end_relay()
        self._device.ungrab()

    def close(self) -> None:
        self._end_relay()
        with contextlib.suppress(OSError):
            self._device.close()

    def _end_relay(self) -> None:
        relay, self._relay = self._relay, None
        if relay is not None:
            relay.close()
