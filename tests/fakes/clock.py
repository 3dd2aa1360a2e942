"""A clock that moves only when a test says so."""

import threading
from datetime import UTC, datetime, timedelta


class FakeClock:
    """Satisfies ``runtime.clock.Clock``.

    Args:
        now: Wall time at the start, timezone-aware.
        monotonic_s: Monotonic time at the start.
    """

    def __init__(
        self, now: datetime = datetime(2026, 3, 2, 10, 0, tzinfo=UTC), monotonic_s: float = 1000.0
    ) -> None:
        if now.tzinfo is None:
            raise ValueError("a wall time without timezone")
        self._now = now
        self._monotonic_s = monotonic_s
        self._lock = threading.Lock()

    def now(self) -> datetime:
        with self._lock:
            return self._now

    def monotonic_s(self) -> float:
        with self._lock:
            return self._monotonic_s

    def advance(self, seconds: float) -> None:
        """Let both times pass."""
        with self._lock:
            self._now += timedelta(seconds=seconds)
            self._monotonic_s += seconds

    def set_wall(self, now: datetime) -> None:
        """Jump the wall time alone, as a time server or a dead battery does."""
        with self._lock:
            self._now = now
