"""Notices a kiosk that is connected and draws no more."""

from device.health import HealthBoard, PartState
from runtime.clock import Clock

KIOSK = "kiosk"
"""Its name on the health board."""

FROZEN_S = 5.0
"""A kiosk that lives says so every second."""


class KioskWatch:
    """Under the caller's lock.

    Args:
        clock: Times the silence.
        board: Where the kiosk is reported.
        is_expected: Whether the configuration names a kiosk's socket.
    """

    def __init__(self, clock: Clock, board: HealthBoard, *, is_expected: bool) -> None:
        self._clock = clock
        self._board = board
        self._heard_s: float | None = None
        self._window = ""
        self.release = ""
        """What the kiosk that connected last was started from; empty where it did not say."""
        if is_expected:
            board.report(KIOSK, PartState.ABSENT, "not connected yet")

    @property
    def deadline_s(self) -> float | None:
        """When the kiosk counts as frozen; None while none is connected, or once it does."""
        return None if self._heard_s is None else self._heard_s + FROZEN_S

    @property
    def is_drawing(self) -> bool:
        """Whether a kiosk is connected and not frozen."""
        return self._heard_s is not None

    def came(self) -> None:
        self._heard_s = self._clock.monotonic_s()
        self.release = ""
        self._board.report(KIOSK, PartState.STARTING, "connected")

    def lives(self, window: str | None = None) -> None:
        """The kiosk said that it draws; ``window`` describes it, where it is new."""
        self._heard_s = self._clock.monotonic_s()
        self._window = self._window if window is None else window
        self._board.report(KIOSK, PartState.OK, self._window)

    def left(self) -> None:
        self._heard_s = None
        self._board.report(KIOSK, PartState.ABSENT, "not connected")

    def check(self) -> None:
        """Report a kiosk that has been silent for too long."""
        if self._heard_s is not None and self._clock.monotonic_s() >= self._heard_s + FROZEN_S:
            self._heard_s = None
            self._board.report(KIOSK, PartState.DEGRADED, f"silent for {FROZEN_S:.0f} s; readers go on")
            self._board.count(KIOSK, "frozen")
