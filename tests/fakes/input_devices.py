"""Event nodes made up for tests: a machine with any number of keyboards on it."""

import errno
import os
import queue
from types import SimpleNamespace

from device.errors import ScannerError
from device.scanners.input_devices import EV_KEY
from device.scanners.keys import DIGITS, Key
from device.scanners.node_search import UsbId


class FakeNode:
    """An ``evdev.InputDevice`` look-alike on a pipe."""

    def __init__(
        self, path: str, usb: UsbId, capabilities=None, name: str = "fake scanner", phys: str = "usb-1/input0"
    ):
        self.path = path
        self.name = name
        self.phys = phys
        self.info = SimpleNamespace(vendor=usb.vendor, product=usb.product)
        self.is_closed = False
        self.is_grabbed = False
        self.grab_error: int | None = None
        self._capabilities = {EV_KEY: [*DIGITS, Key.ENTER]} if capabilities is None else capabilities
        self._read_fd, self._write_fd = os.pipe()
        self._queue: queue.SimpleQueue = queue.SimpleQueue()

    def fileno(self):
        return self._read_fd

    def capabilities(self):
        return self._capabilities

    @property
    def is_read(self):
        """Whether all that was emitted has been taken."""
        return self._queue.empty()

    def emit(self, *events, meanwhile=lambda: None):
        """Each event is (type, code, value), its time after them where it has one, or an errno to fail with.

        ``meanwhile`` is called when they came and nobody was woken yet.
        """
        self._queue.put(events)
        meanwhile()
        os.write(self._write_fd, b"x")

    def press(self, strokes):
        self.emit(*[(EV_KEY, code, value) for code, value in strokes])

    def read(self):
        try:
            batch = self._queue.get_nowait()
        except queue.Empty:
            raise BlockingIOError(errno.EAGAIN, "again") from None
        os.read(self._read_fd, 1)
        for event in batch:
            if isinstance(event, int):
                raise OSError(event, os.strerror(event))
        return [
            SimpleNamespace(type=kind, code=code, value=value, at_s=at_s[0] if at_s else None)
            for kind, code, value, *at_s in batch
        ]

    def grab(self):
        if self.grab_error is not None:
            raise OSError(self.grab_error, os.strerror(self.grab_error))
        self.is_grabbed = True

    def ungrab(self):
        self.is_grabbed = False

    def close(self):
        if not self.is_closed:
            self.is_closed = True
            os.close(self._read_fd)
            os.close(self._write_fd)


class FakeInputDevices:
    """Satisfies ``InputDevices``."""

    def __init__(self, *nodes: FakeNode, links: dict[str, str] | None = None):
        self.nodes = {node.path: node for node in nodes}
        self.links = links or {}
        self.refused: set[str] = set()

    def paths(self):
        return sorted(self.nodes)

    def resolve(self, path):
        target = self.links.get(path, path)
        return target if target in self.nodes else None

    def open(self, path):
        if path in self.refused or path not in self.nodes:
            raise ScannerError(f"cannot open {path}")
        return self.nodes[path]
