"""When an unanswered event is sent again: what was overtaken soon, else one event in growing pauses.

The broker keeps for the station what it took over, and the station answers in order. So an event without an
answer mostly waits behind others, and sending it again only makes that queue longer: a station slower than
the pauses would drown in copies. Sent again is what an event sent after it overtook; while nothing at all
is answered, one event at a time asks whether the station is there, in pauses that grow with the time its
answers take (as TCP does, RFC 6298).

Pure bookkeeping with given times; the uplink does the sending.
"""

from dataclasses import dataclass
from uuid import UUID

from device.outbox import StoredEvent

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.3, 300.0

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
    first_number: int
    """Its place among all sendings of the connection, when it was first sent."""
    last_number: int
    sent_s: float
    saved_s: float
    waited_s: float
    pause_s: float = FIRST_PAUSE_S
    is_overtaken: bool = False

    @property
    def due_s(self) -> float:
        return self.sent_s + self.pause_s

    def unanswered_s(self, now_s: float) -> float:
        return self.waited_s + now_s - self.sent_s


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
        self._sendings = 0
        self.last_pulled_seq = 0
        """The backlog was taken up to here since the connection was made."""
        self.connection = 0
        """Counts connections: what was sent on an earlier one counts for nothing."""
        self._unheard_since_s: float | None = None
        self._answer_takes_s = 0.0
        self._asked_s = 0.0
        """When the station last answered, or was last asked by sending again."""
        self._patience_s = FIRST_PAUSE_S
        """How long after that it is asked again."""

    def connected(self) -> None:
        """A new connection: everything unanswered is sent again, oldest first."""
        self._sent.clear()
        self._unheard_since_s = None
        self._answer_takes_s, self._patience_s = 0.0, FIRST_PAUSE_S
        self.last_pulled_seq = 0
        self.connection += 1

    def sent(self, event: StoredEvent, now_s: float) -> None:
        """The event went out just now."""
        self._sendings += 1
        before = self._sent.get(event.id)
        if before is None:
            self._sent[event.id] = _Sent(event, self._sendings, self._sendings, now_s, now_s, event.waited_s)
            # Only then: one event that is never answered, sent again and again, makes no silence.
            if self._unheard_since_s is None:
                self._unheard_since_s = now_s
            return
        before.waited_s += now_s - before.sent_s
        before.sent_s, before.last_number = now_s, self._sendings
        before.pause_s = min(2 * before.pause_s, LONGEST_PAUSE_S)
        if not before.is_overtaken:
            self._asked_s, self._patience_s = now_s, min(2 * self._patience_s, LONGEST_PAUSE_S)
        before.is_overtaken = False

    def answered(self, event_id: UUID, now_s: float) -> None:
        """The station answered an event, whether or not it waits here."""
        silent_at_s, self._unheard_since_s = self.silent_at_s, None
        if silent_at_s is not None and now_s >= silent_at_s:
            self._begin_anew()
        self._asked_s = now_s
        one = self._sent.pop(event_id, None)
        if one is None:
            return
        for other in self._sent.values():
            if other.first_number > one.first_number:
                break  # in the order of their first sending; an answer mostly is for the first of them
            other.is_overtaken = other.is_overtaken or other.last_number < one.first_number
        # Of an event that was sent again nobody knows which sending was answered (Karn's rule).
        if one.first_number == one.last_number:
            self._answer_takes_s = max(now_s - one.sent_s, self._answer_takes_s / 2)
            self._patience_s = min(max(FIRST_PAUSE_S, 2 * self._answer_takes_s), LONGEST_PAUSE_S)

    def station_began(self) -> None:
        """The station just came; a broker that did not know it kept nothing for it, so all is due soon."""
        self._unheard_since_s = None
        self._begin_anew()
        for one in self._sent.values():
            one.is_overtaken = True

    def _begin_anew(self) -> None:
        for one in self._sent.values():
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
        """What has waited long enough."""
        given_up = [one for one in self._sent.values() if one.unanswered_s(now_s) >= GIVEN_UP_S]
        for one in given_up:
            del self._sent[one.event.id]
        send = [one for one in self._sent.values() if one.is_overtaken and now_s >= one.due_s]
        asking = self._asking()
        if asking is not None and now_s >= self._asking_s(asking):
            send.append(asking)
        unsaved = [one for one in self._sent.values() if now_s - one.saved_s >= _SAVED_FROM_S]
        for one in unsaved:
            one.saved_s = now_s
        return Due(
            tuple(one.event for one in send),
            tuple((one.event.id, one.unanswered_s(now_s)) for one in unsaved),
            tuple(one.event.id for one in given_up),
        )

    def next_s(self) -> float | None:
        """When something becomes due; None while nothing is out."""
        times = [one.due_s for one in self._sent.values() if one.is_overtaken]
        asking = self._asking()
        if asking is not None:
            times.append(self._asking_s(asking))
        return min(times, default=None)

    def _asking(self) -> _Sent | None:
        """Of what nothing overtook, the one that is sent again first."""
        waiting = [one for one in self._sent.values() if not one.is_overtaken]
        return min(waiting, key=lambda one: one.due_s, default=None)

    def _asking_s(self, asking: _Sent) -> float:
        return max(asking.due_s, max(self._asked_s, asking.sent_s) + self._patience_s)
