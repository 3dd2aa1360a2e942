"""What is dropped between a reader and the event: repeats of a code still in view, and noise."""

from collections import OrderedDict
from uuid import UUID

from device.readings import Misread, Reading
from runtime.clock import Clock

REPEAT_S = 3.0
_REMEMBERED = 32


class RepeatFilter:
    """Drops the same code from whichever reader until it was out of view for some seconds.

    A trigger held down or a phone left under the camera is one event. A session that began since may read
    the code again at once; the mere end of a session does not, or a card left in view would open another.
    One thread, or under the caller's lock.

    Args:
        clock: Whose monotonic time counts.
        quiet_s: How long the code must not have been seen.
    """

    def __init__(self, clock: Clock, quiet_s: float = REPEAT_S) -> None:
        self._clock = clock
        self._quiet_s = quiet_s
        self._seen: OrderedDict[str, tuple[float, UUID | None]] = OrderedDict()

    def is_repeat(self, what: Reading | Misread, session: UUID | None) -> bool:
        """Whether this was there just now; seeing it starts the quiet time again.

        Args:
            what: What a reader gave.
            session: The running one; None where none runs.
        """
        now_s = self._clock.monotonic_s()
        before_s, before_session = self._seen.pop(_key(what), (None, None))
        same_session = session in {None, before_session}
        is_repeat = before_s is not None and now_s - before_s < self._quiet_s and same_session
        self._seen[_key(what)] = (now_s, before_session if is_repeat else session)
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        return is_repeat

    def opened(self, what: Reading | Misread, session: UUID) -> None:
        """The reading opened this session, and so belongs to it."""
        if _key(what) in self._seen:
            self._seen[_key(what)] = (self._seen[_key(what)][0], session)


class NoiseFilter:
    """Drops texts too short to be a code: a scratch read as one character, a key pressed by hand.

    Args:
        shortest_chars: Of a code that counts.
    """

    def __init__(self, shortest_chars: int = 3) -> None:
        self._shortest_chars = shortest_chars

    def is_noise(self, reading: Reading) -> bool:
        return len(reading.text.strip()) < self._shortest_chars


def _key(what: Reading | Misread) -> str:
    return what.text if isinstance(what, Reading) else f"\0{what.reason}"
