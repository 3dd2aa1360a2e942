"""Time as a dependency: everything that asks for the time takes a ``Clock``.

Wall time is always UTC. Monotonic time orders what happened within one boot; a device's wall clock is
never trusted for meaning (decision X14, row 203).
"""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time. May be called from any thread."""

    def now(self) -> datetime:
        """Wall time, timezone-aware, UTC."""

    def monotonic_s(self) -> float:
        """Seconds since an arbitrary point of this boot; never goes back."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic_s(self) -> float:
        return time.monotonic()
