"""Plays signals on a thread of its own; a newer one cuts in, since it is about who stands there now."""

import queue
import threading
from typing import Protocol

from device.errors import SignalError
from device.health import HealthBoard, PartState
from device.signals.meaning import Signal, signal_for
from device.signals.score import Step, score
from device.signals.settings import SignalSettings
from messaging.local.to_kiosk import ToKiosk
from runtime.lifecycle import Worker

_PART = "signals"
_OFF = Step(0)


class Outputs(Protocol):
    """Lights and beeper that are switched."""

    def show(self, step: Step) -> None:
        """Switch all parts to what the step says.

        Raises:
            SignalError: They cannot be switched.
        """

    def close(self) -> None:
        """All off, pins free."""


class Signaller:
    """``tell`` from any thread, never blocks.

    What cannot be switched is told on the health board and tried again with the next signal: a dead lamp
    never stops a scan.
    """

    def __init__(self, settings: SignalSettings, outputs: Outputs, board: HealthBoard) -> None:
        self._settings = settings
        self._outputs = outputs
        self._board = board
        self._wanted: queue.SimpleQueue[Signal | None] = queue.SimpleQueue()
        self._worker = Worker("signals", self._run, self._died)

    def start(self) -> None:
        self._worker.start()
        self._board.report(_PART, PartState.OK)

    def stop(self) -> None:
        """Stop in the midst of a signal and leave all off.

        Raises:
            LifecycleError: The thread did not end.
        """
        self._worker.stopping.set()
        self._wanted.put(None)
        self._worker.stop()
        self._outputs.close()

    def tell(self, message: ToKiosk) -> None:
        """Signal what a message means, if it means anything."""
        signal = signal_for(message)
        if signal is not None:
            self._wanted.put(signal)

    def _run(self, stopping: threading.Event) -> None:
        signal: Signal | None = None
        while not stopping.is_set():
            signal = self._play(signal, stopping) if signal is not None else self._newest(None)

    def _play(self, signal: Signal, stopping: threading.Event) -> Signal | None:
        """The signal that cut in, or the one that follows by itself; None for silence."""
        try:
            for step in score(signal, self._settings):
                self._outputs.show(step)
                newer = self._newest(step.duration_ms / 1000)
                if newer is not None or stopping.is_set():
                    return newer
            self._outputs.show(_OFF)
        except SignalError as error:
            self._board.report(_PART, PartState.FAILED, error.message)
            return None
        self._board.report(_PART, PartState.OK)
        return Signal.KEPT if signal is Signal.NOTICED else None

    def _newest(self, timeout_s: float | None) -> Signal | None:
        """Wait for a signal; of several that came, the last."""
        try:
            signal = self._wanted.get(timeout=timeout_s)
            while not self._wanted.empty():
                signal = self._wanted.get_nowait()
        except queue.Empty:
            return None
        return signal

    def _died(self, name: str) -> None:
        self._board.report(_PART, PartState.FAILED, f"thread {name} died")
