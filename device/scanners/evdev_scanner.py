"""A USB scanner that plays a keyboard: grabbed, decoded by position, found again after an unplug.

One thread: it sleeps in a selector until a key, the end of a silence or ``stop``; while the device is
absent it looks for it again with a growing pause.
"""

import contextlib
import errno
import logging
import os
import selectors
import threading
from collections.abc import Callable

from device.errors import ScannerError
from device.health import HealthBoard, PartState
from device.readings import Deliver, Misread, MisreadReason, Reading
from device.scanners.aim import split_identifier
from device.scanners.input_devices import EV_KEY, EV_SYN, SYN_DROPPED, InputDevices, InputNode
from device.scanners.key_decoder import Decoded, KeyDecoder, KeyRules
from device.scanners.node_search import UsbId, open_keyboard
from runtime.clock import Clock
from runtime.lifecycle import Worker

_log = logging.getLogger(__name__)

Wait = Callable[[threading.Event, float], object]
"""Sleeps up to some seconds, or until the event is set."""

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 2.0


class EvdevScanner:
    """Reads one scanner through the kernel's input events.

    Args:
        reader: Its name in the configuration.
        wanted: A path (best: /dev/input/by-id/…-event-kbd) or a USB id.
        rules: How the scanner is set.
        devices: The event nodes of the machine.
        clock: Gives the time of readings and silences.
        board: Where its state is reported.
        wait: Sleeps between two searches; tests give their own.
    """

    def __init__(
        self,
        reader: str,
        wanted: str | UsbId,
        rules: KeyRules,
        *,
        devices: InputDevices,
        clock: Clock,
        board: HealthBoard,
        wait: Wait = threading.Event.wait,
    ) -> None:
        self._reader = reader
        self._wanted = wanted
        self._devices = devices
        self._clock = clock
        self._board = board
        self._wait = wait
        self._decoder = KeyDecoder(rules)
        self._deliver: Deliver | None = None
        self._worker: Worker | None = None
        self._wake_read, self._wake_write = os.pipe()

    @property
    def reader(self) -> str:
        return self._reader

    def start(self, deliver: Deliver) -> None:
        self._deliver = deliver
        self._board.report(self._reader, PartState.STARTING)
        self._worker = Worker(f"scanner-{self._reader}", self._run, self._died).start()

    def stop(self) -> None:
        if self._worker is None:
            return
        self._worker.stopping.set()
        with contextlib.suppress(OSError):
            os.write(self._wake_write, b"x")
        self._worker.stop()
        self._worker = None
        os.close(self._wake_read)
        os.close(self._wake_write)

    def _run(self, stopping: threading.Event) -> None:
        pause_s = FIRST_PAUSE_S
        while not stopping.is_set():
            try:
                node = self._open()
            except ScannerError as error:
                self._board.report(self._reader, PartState.ABSENT, error.message)
                self._wait(stopping, pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
                continue
            pause_s = FIRST_PAUSE_S
            self._board.report(self._reader, PartState.OK, node.name)
            try:
                self._read_until(node, stopping)
            except OSError as error:
                self._gone(error)
            finally:
                _let_go(node)
        self._board.report(self._reader, PartState.OFF, "stopped")

    def _open(self) -> InputNode:
        node = open_keyboard(self._devices, self._wanted)
        try:
            node.grab()
        except OSError as error:
            _let_go(node)
            if error.errno == errno.EBUSY:
                raise ScannerError(f"{node.name} is held by another process") from error
            raise ScannerError(f"{node.name} cannot be grabbed: {error.strerror}") from error
        return node

    def _read_until(self, node: InputNode, stopping: threading.Event) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(node.fileno(), selectors.EVENT_READ)
            selector.register(self._wake_read, selectors.EVENT_READ)
            while not stopping.is_set():
                selector.select(self._silence_left_s())
                self._read(node)
                self._pass_on(self._decoder.expire(self._clock.monotonic_s()))

    def _silence_left_s(self) -> float | None:
        deadline_s = self._decoder.deadline_s
        return None if deadline_s is None else max(0.0, deadline_s - self._clock.monotonic_s()) + 0.001

    def _read(self, node: InputNode) -> None:
        try:
            events = list(node.read())
        except BlockingIOError:
            return
        now_s = self._clock.monotonic_s()
        for event in events:
            if event.type == EV_KEY:
                self._pass_on(self._decoder.feed(event.code, event.value, now_s))
            elif event.type == EV_SYN and event.code == SYN_DROPPED:
                self._board.count(self._reader, "events_lost")
                self._decoder.lose(now_s)

    def _gone(self, error: OSError) -> None:
        self._board.report(self._reader, PartState.ABSENT, f"unplugged: {error.strerror}")
        self._board.count(self._reader, "unplugged")
        if self._decoder.reset():
            self._pass_on(MisreadReason.UNPLUGGED)

    def _pass_on(self, decoded: Decoded) -> None:
        if decoded is None or self._deliver is None:
            return
        now_s = self._clock.monotonic_s()
        if isinstance(decoded, MisreadReason):
            self._board.count(self._reader, decoded.value)
            _log.warning("code refused", extra={"reader": self._reader, "reason": decoded.value})
            self._deliver(Misread(decoded, "scanner", self._reader, now_s))
        else:
            _, symbology, text = split_identifier(decoded)
            if text:
                self._board.count(self._reader, "read")
                self._deliver(Reading(text, symbology, "scanner", self._reader, now_s))

    def _died(self, name: str) -> None:
        self._board.report(self._reader, PartState.FAILED, f"thread {name} died")


def _let_go(node: InputNode) -> None:
    for release in (node.ungrab, node.close):
        with contextlib.suppress(OSError):
            release()
