"""Answers on a beat, so that how long one took says nothing about who was asked for (row 170).

What is due is let out at the next beat after the question came, counted from when it came: every answer that
is ready within one beat leaves at the same moment, whether somebody was found or not.
"""

import heapq
import itertools
import logging
import math
import threading
import time
from collections.abc import Callable
from typing import Protocol

_log = logging.getLogger(__name__)

BEAT_S = 0.2
"""Longer than any of these answers takes on a Raspberry Pi, and less than a customer notices."""


def next_beat_s(asked_s: float, ready_s: float) -> float:
    """When an answer leaves: whole beats after the question, at least one; monotonic seconds."""
    beats = max(1, math.ceil((ready_s - asked_s) / BEAT_S))
    return asked_s + beats * BEAT_S


class Pace(Protocol):
    """When answers leave that could tell something by their time."""

    def hold(self, asked_s: float, answer: Callable[[], object]) -> None:
        """Let an answer out in its time, in the order of the calls among those of the same moment."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


class EvenPace:
    """Holds answers on a thread of its own. ``asked_s`` is ``time.monotonic()`` of the question."""

    def __init__(self) -> None:
        self._held: list[tuple[float, int, Callable[[], object]]] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name="even-pace", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def hold(self, asked_s: float, answer: Callable[[], object]) -> None:
        """Let an answer out at its beat."""
        due_s = next_beat_s(asked_s, time.monotonic())
        with self._changed:
            heapq.heappush(self._held, (due_s, next(self._numbers), answer))
            self._changed.notify()

    def stop(self) -> None:
        """Let out what is held, and end."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while (answer := self._next()) is not None:
            try:
                answer()
            except Exception:  # noqa: BLE001 - top of the thread: the next answers are others'
                _log.exception("an answer could not be sent")

    def _next(self) -> Callable[[], object] | None:
        with self._changed:
            while True:
                if self._held:
                    wait_s = self._held[0][0] - time.monotonic()
                    if wait_s <= 0 or self._is_stopping:
                        return heapq.heappop(self._held)[2]
                    self._changed.wait(wait_s)
                elif self._is_stopping:
                    return None
                else:
                    self._changed.wait()
