"""Whose turn it is at the counter: one session at a time, which ends by itself.

With a kiosk the sessions are the kiosk's, and it ends them; this book only sees to it that none outlives
a kiosk that froze. Without one, a scan opens a session and quiet ends it.
"""

from dataclasses import dataclass
from uuid import UUID

from runtime.clock import Clock
from runtime.ids import new_id

HEADLESS_IDLE_S = 30.0
KIOSK_IDLE_S = 240.0
"""Longer than any time-out of a kiosk that lives."""

ORPHAN_IDLE_S = 10.0
"""For a session whose kiosk hung up: it comes back and says so, or the session is over."""


@dataclass
class _Session:
    id: UUID
    last_s: float
    idle_s: float
    has_events: bool = False


@dataclass(frozen=True)
class EndedSession:
    """A session that is over; ``has_events`` tells whether the station knows of it."""

    id: UUID
    has_events: bool


class SessionBook:
    """Under the caller's lock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._current: _Session | None = None
        self._has_kiosk = False

    @property
    def current(self) -> UUID | None:
        return None if self._current is None else self._current.id

    @property
    def deadline_s(self) -> float | None:
        """When the running session ends if nothing happens; None where none runs."""
        return None if self._current is None else self._current.last_s + self._current.idle_s

    def for_scan(self) -> UUID:
        """The running session, or a new one that this scan opens."""
        return self._touch(self._current or self._begin(new_id()))

    def started(self, session: UUID) -> EndedSession | None:
        """The kiosk began a session, or said again which one runs; the one that gives way to it."""
        ended = None
        if self._current is not None and self._current.id != session:
            ended = self._end(self._current)
        self._touch(self._current or self._begin(session))
        return ended

    def spoke(self, session: UUID) -> None:
        """Something was said in a session; it keeps the running one from ending."""
        if self._current is not None and self._current.id == session:
            self._current.has_events = True
            self._touch(self._current)

    def closed(self, session: UUID) -> EndedSession:
        """The kiosk ended a session."""
        if self._current is not None and self._current.id == session:
            return self._end(self._current)
        return EndedSession(session, has_events=False)

    def expired(self) -> EndedSession | None:
        """The running session, if quiet has ended it."""
        if self._current is None or self._clock.monotonic_s() < self._current.last_s + self._current.idle_s:
            return None
        return self._end(self._current)

    def kiosk_came(self) -> None:
        self._has_kiosk = True

    def kiosk_left(self) -> None:
        """A session whose screen went away is over soon, unless the kiosk says that it runs on."""
        self._has_kiosk = False
        if self._current is not None:
            self._current.last_s = self._clock.monotonic_s()
            self._current.idle_s = ORPHAN_IDLE_S

    def _begin(self, session: UUID) -> _Session:
        self._current = _Session(session, self._clock.monotonic_s(), self._idle_s())
        return self._current

    def _touch(self, session: _Session) -> UUID:
        session.last_s = self._clock.monotonic_s()
        session.idle_s = self._idle_s()
        return session.id

    def _idle_s(self) -> float:
        return KIOSK_IDLE_S if self._has_kiosk else HEADLESS_IDLE_S

    def _end(self, session: _Session) -> EndedSession:
        self._current = None
        return EndedSession(session.id, session.has_events)
