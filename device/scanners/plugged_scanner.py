"""What scanners on a plug have in common: searched for, read on a thread, found again after an unplug.

One thread reads: it sleeps in a selector until something comes, the end of a silence or ``stop``; while the
device is absent it looks for it again with a growing pause. What it read is delivered on another thread.
"""

import contextlib
import logging
import os
import selectors
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from device.errors import ScannerError
from device.health import HealthBoard, PartState
from device.readings import Deliver, Misread, MisreadReason, Reading
from device.scanners.aim import split_identifier
from device.scanners.code_text import Decoded
from device.scanners.handover import Handover
from runtime.clock import Clock
from runtime.lifecycle import Worker

_log = logging.getLogger(__name__)

Wait = Callable[[threading.Event, float], object]
"""Sleeps up to some seconds, or until the event is set."""

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 2.0


class OpenPort(Protocol):
    """What a scanner is read from while it is plugged in."""

    @property
    def name(self) -> str:
        """For people."""

    def fileno(self) -> int: ...


class Silences(Protocol):
    """The decoder's sense of time."""

    @property
    def deadline_s(self) -> float | None:
        """When ``expire`` is due; None while nothing waits."""

    def expire(self, now_s: float) -> Decoded: ...

    def reset(self) -> bool:
        """Forget all; whether part of a code was lost by it."""


PortT = TypeVar("PortT", bound=OpenPort)


class PluggedScanner(ABC, Generic[PortT]):
    """Thread, search and deliveries; how a port is opened and read is the subclass's.

    Args:
        reader: Its name in the configuration.
        decoder: Makes codes of what comes.
        clock: Gives the time of readings and silences.
        board: Where its state is reported.
        wait: Sleeps between two searches; tests give their own.
    """

    def __init__(
        self, reader: str, decoder: Silences, *, clock: Clock, board: HealthBoard, wait: Wait
    ) -> None:
        self._reader = reader
        self._silences = decoder
        self._clock = clock
        self._board = board
        self._wait = wait
        self._handover: Handover | None = None
        self._worker: Worker | None = None
        self._wake_read, self._wake_write = os.pipe()

    @property
    def reader(self) -> str:
        return self._reader

    def start(self, deliver: Deliver) -> None:
        self._board.report(self._reader, PartState.STARTING)
        self._handover = Handover(f"deliver-{self._reader}", deliver, self._died)
        self._worker = Worker(f"scanner-{self._reader}", self._run, self._died).start()

    def stop(self) -> None:
        if self._worker is None:
            return
        self._worker.stopping.set()
        with contextlib.suppress(OSError):
            os.write(self._wake_write, b"x")
        self._worker.stop()
        if self._handover is not None:
            self._handover.stop()
        self._worker = self._handover = None
        os.close(self._wake_read)
        os.close(self._wake_write)

    @abstractmethod
    def _open(self) -> PortT:
        """The device, this process's alone.

        Raises:
            ScannerError: It is absent, or not to be had.
        """

    @abstractmethod
    def _read(self, port: PortT) -> bool:
        """Pass on some of what waits, False if nothing does; raises ``OSError`` once the device is gone."""

    @abstractmethod
    def _let_go(self, port: PortT) -> None:
        """Close it, whatever became of it."""

    def _run(self, stopping: threading.Event) -> None:
        pause_s = FIRST_PAUSE_S
        while not stopping.is_set():
            try:
                port = self._open()
            except ScannerError as error:
                self._board.report(self._reader, PartState.ABSENT, error.message)
                self._wait(stopping, pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
                continue
            pause_s = FIRST_PAUSE_S
            self._board.report(self._reader, PartState.OK, port.name)
            try:
                self._read_until(port, stopping)
            except OSError as error:
                self._gone(error)
            finally:
                self._let_go(port)
        self._board.report(self._reader, PartState.OFF, "stopped")

    def _read_until(self, port: PortT, stopping: threading.Event) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(port.fileno(), selectors.EVENT_READ)
            selector.register(self._wake_read, selectors.EVENT_READ)
            while not stopping.is_set():
                selector.select(self._silence_left_s())
                # Before reading: a silence counts only where all that came until then has been read, and one
                # reading may leave more than a scanner's or the kernel's buffer gives at once.
                now_s = self._clock.monotonic_s()
                if not self._read(port):
                    self._pass_on(self._silences.expire(now_s))

    def _silence_left_s(self) -> float | None:
        deadline_s = self._silences.deadline_s
        return None if deadline_s is None else max(0.0, deadline_s - self._clock.monotonic_s()) + 0.001

    def _gone(self, error: OSError) -> None:
        self._board.report(self._reader, PartState.ABSENT, f"unplugged: {error.strerror or error}")
        self._board.count(self._reader, "unplugged")
        if self._silences.reset():
            self._pass_on(MisreadReason.UNPLUGGED)

    def _pass_on(self, decoded: Decoded) -> None:
        if decoded is None or self._handover is None:
            return
        now_s = self._clock.monotonic_s()
        if isinstance(decoded, MisreadReason):
            self._board.count(self._reader, decoded.value)
            _log.warning("code refused", extra={"reader": self._reader, "reason": decoded.value})
            self._handover.put(Misread(decoded, "scanner", self._reader, now_s))
            return
        _, symbology, text = split_identifier(decoded)
        if text:
            self._board.count(self._reader, "read")
            self._handover.put(Reading(text, symbology, "scanner", self._reader, now_s))

    def _died(self, name: str) -> None:
        self._board.report(self._reader, PartState.FAILED, f"thread {name} died")
