"""How many numbers a kiosk takes in a while: nobody tries out numbers, or has messages sent to strangers."""

from collections import deque

from kiosk.session.limits import Limits


class NumberRate:
    """Counts numbers over all sessions: a new touch must not begin a new count (row 170)."""

    def __init__(self, limits: Limits) -> None:
        self._within_s = limits.numbers_within_s
        self._taken_s: deque[float] = deque(maxlen=limits.max_numbers)

    def take(self, now_s: float) -> bool:
        """Count one more number; False, uncounted, where that would be one too many."""
        is_full = len(self._taken_s) == self._taken_s.maxlen
        if is_full and now_s - self._taken_s[0] < self._within_s:
            return False
        self._taken_s.append(now_s)
        return True
