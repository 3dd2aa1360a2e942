"""What time it is, as far as this device can know it (row 203, decision X14).

A Raspberry Pi has no clock that lives through a power cut. Until the station told the time, what the wall
clock shows is passed on as uncertain and decides nothing.
"""

import threading
from datetime import UTC, datetime, timedelta

from runtime.clock import Clock

_BUILT = datetime(2026, 1, 1, tzinfo=UTC)
"""No clock that is right shows less."""

_CLOSE_S = 30.0
"""A round trip longer than this says too little of now."""

_AGREED_S = 120.0


class StationTime:
    """Keeps the difference between the station's clock and this boot's monotonic one. Any thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._at_zero: datetime | None = None

    def heard(self, at: datetime, asked_s: float) -> None:
        """The station's clock showed ``at`` between the monotonic time ``asked_s`` and now."""
        now_s = self._clock.monotonic_s()
        if 0 <= now_s - asked_s <= _CLOSE_S and at >= _BUILT:
            with self._lock:
                self._at_zero = at - timedelta(seconds=now_s)

    def now(self) -> tuple[datetime, bool]:
        """Wall time, and whether it is certain.

        The machine's clock where the station's confirms it, the station's where they differ; the
        machine's, uncertain, before any was heard.
        """
        shown = self._clock.now()
        with self._lock:
            at_zero = self._at_zero
        if at_zero is None:
            return shown, False
        station = at_zero + timedelta(seconds=self._clock.monotonic_s())
        return (shown if abs((shown - station).total_seconds()) <= _AGREED_S else station), True
