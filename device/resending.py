"""When an unanswered event is sent again: at once after connecting, then after growing pauses.

Pure bookkeeping with given times; the uplink does the sending.
"""

from dataclasses import dataclass
from uuid import UUID

from device.outbox import StoredEvent

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.3, 300.0
_SHORT_PAUSE_S = 5.0
"""An event that is never answered costs a few sendings in so long, however much else is answered."""

GIVEN_UP_S = 24 * 3600.0
"""So long unanswered while connected, an event is quarantined: the station will not answer it."""

SILENT_S = 10.0
"""So long without a word to what was sent, the station is not there, whatever the broker says."""

WINDOW = 50
"""Backlog events that wait for their results at a time; a live event never waits for the backlog."""

_SAVED_FROM_S = 60.0
"""Waits are written to disk only once they are long: an answer normally takes milliseconds."""


@dataclass
class _Sent:
    event: StoredEvent
    sent_s: float
    pause_s: float
    waited_s: float


@dataclass(frozen=True)
class Due:
    """What is to be done now."""

    send: tuple[StoredEvent, ...]
    save_waits: tuple[tuple[UUID, float], ...]
    quarantine: tuple[UUID, ...]


class Resending:
    """The events sent on the present connection. Under the caller's lock."""

    def __init__(self) -> None:
        self._sent: dict[UUID, _Sent] = {}
        self.last_pulled_seq = 0
        """The backlog was taken up to here since the connection was made."""
        self.connection = 0
        """Counts connections: what was sent on an earlier one counts for nothing."""
        self._unheard_since_s: float | None = None

    def connected(self) -> None:
        """A new connection: everything unanswered is sent again, oldest first."""
        self._sent.clear()
        self._unheard_since_s = None
        self.last_pulled_seq = 0
        self.connection += 1

    def sent(self, event: StoredEvent, now_s: float) -> None:
        """The event went out just now."""
        before = self._sent.get(event.id)
        if before is None:
            self._sent[event.id] = _Sent(event, now_s, FIRST_PAUSE_S, event.waited_s)
            # Only then: one event that is never answered, sent again and again, makes no silence.
            if self._unheard_since_s is None:
                self._unheard_since_s = now_s
        else:
            before.waited_s += now_s - before.sent_s
            before.sent_s = now_s
            before.pause_s = min(2 * before.pause_s, LONGEST_PAUSE_S)

    def answered(self, event_id: UUID) -> None:
        self._sent.pop(event_id, None)

    def station_spoke(self) -> None:
        """The station is there: what would pause for long is due at once, as after its first start."""
        self._unheard_since_s = None
        for one in self._sent.values():
            if one.pause_s > _SHORT_PAUSE_S:
                one.pause_s = FIRST_PAUSE_S

    @property
    def silent_at_s(self) -> float | None:
        """From when on the station counts as silent; None while no word of it is waited for."""
        return None if self._unheard_since_s is None else self._unheard_since_s + SILENT_S

    def is_out(self, event_id: UUID) -> bool:
        """Whether the event waits for its answer on this connection."""
        return event_id in self._sent

    @property
    def room(self) -> int:
        """How many backlog events may be sent now."""
        return max(0, WINDOW - len(self._sent))

    def due(self, now_s: float) -> Due:
        """What has waited for its pause."""
        late = [one for one in self._sent.values() if now_s >= one.sent_s + one.pause_s]
        given_up = [one for one in late if one.waited_s + now_s - one.sent_s >= GIVEN_UP_S]
        for one in given_up:
            del self._sent[one.event.id]
        return Due(
            tuple(one.event for one in late if one not in given_up),
            tuple(
                (one.event.id, one.waited_s + now_s - one.sent_s)
                for one in late
                if one not in given_up and one.pause_s >= _SAVED_FROM_S
            ),
            tuple(one.event.id for one in given_up),
        )

    def next_s(self) -> float | None:
        """When something becomes due; None while nothing is out."""
        return min((one.sent_s + one.pause_s for one in self._sent.values()), default=None)
