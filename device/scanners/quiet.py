"""The pauses in what a scanner sends: one ends or tears a code, a longer one the rest of a torn one."""

_TAIL_QUIET_S = 2.0


class Quiet:
    """How long nothing came. What follows half a code is its tail: refused unheard until a longer quiet.

    Attributes:
        in_tail: Whether what comes is the rest of a code that was refused in its midst.
    """

    def __init__(self, silence_s: float) -> None:
        self.in_tail = False
        self._silence_s = silence_s
        self._tail_s = max(_TAIL_QUIET_S, 2 * silence_s)
        self._last_s: float | None = None

    @property
    def deadline_s(self) -> float | None:
        """When it has been quiet for long enough; None while nothing came."""
        if self._last_s is None:
            return None
        return self._last_s + (self._tail_s if self.in_tail else self._silence_s)

    def is_over(self, now_s: float) -> bool:
        deadline_s = self.deadline_s
        return deadline_s is not None and now_s >= deadline_s

    def heard(self, at_s: float) -> None:
        self._last_s = at_s

    def expect_tail(self, now_s: float) -> None:
        """After half a code; where the longer quiet has passed as well, nothing more of it comes."""
        last_s, was_in_tail = self._last_s, self.in_tail
        self.forget()
        if last_s is not None and not was_in_tail and now_s < last_s + self._tail_s:
            self.in_tail, self._last_s = True, last_s

    def forget(self) -> None:
        self.in_tail = False
        self._last_s = None
