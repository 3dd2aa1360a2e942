"""What staff asked to see of devices from afar, and what came: in memory, and only for a while.

A picture of a screen, or lines of a log, are kept for a quarter of an hour and never written down.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from messaging.errors import MalformedMessageError
from messaging.station.distant_look import LookAnswered, LookAsked, LookKind, LookRefusal, put_together
from runtime.clock import Clock
from runtime.ids import new_id

ANSWERED_WITHIN = timedelta(seconds=20)
"""Also how long the broker keeps a question for a device that is away."""
KEPT = timedelta(minutes=15)
_MOST_KEPT = 40

Send = Callable[[str, LookAsked, int], bool]
"""Publishes to a device, or its agent, a question that expires after so many seconds."""


@dataclass(frozen=True)
class DistantView:
    """One thing that was asked for.

    Attributes:
        what: Of it.
        look: Number of the question.
        asked_at: By the station's clock.
        came_at: When the answer was whole.
        content: A JPEG, or UTF-8 text.
        why_not: Why there is nothing to show.
        allowed_s: For how long after ``came_at`` the screen may be seen.
    """

    what: LookKind
    look: UUID
    asked_at: datetime
    came_at: datetime | None = None
    content: bytes = b""
    why_not: LookRefusal | Literal["away", "silent", "unreadable"] | None = None
    allowed_s: int | None = None

    @property
    def is_waiting(self) -> bool:
        return self.came_at is None and self.why_not is None

    @property
    def ends_at(self) -> datetime:
        """When the station forgets it."""
        return (self.came_at or self.asked_at) + KEPT


@dataclass
class _Open:
    view: DistantView
    parts: list[LookAnswered] = field(default_factory=list)


class DistantLooks:
    """Any thread.

    Args:
        send: Reaches the devices.
        clock: The station's.
    """

    def __init__(self, send: Send, clock: Clock) -> None:
        self._send = send
        self._clock = clock
        self._lock = threading.Lock()
        self._open: dict[tuple[str, LookKind], _Open] = {}

    def ask(self, device: str, what: LookKind) -> DistantView:
        """Ask anew; what came before is forgotten."""
        now = self._clock.now()
        asked = LookAsked(id=new_id(), what=what, at=now)
        view = DistantView(what, asked.id, now)
        with self._lock:
            self._open[device, what] = _Open(view)
            self._forget(now)
        name = device if what == "picture" else f"{device}-fleet"
        if not self._send(name, asked, int(ANSWERED_WITHIN.total_seconds())):
            self._change(device, view, why_not="away")
        return self.of(device, what) or view

    def answered(self, name: str, part: LookAnswered) -> None:
        """A device (or its agent, by its own name) said something; what nobody waits for is dropped."""
        what: LookKind = "log" if name.endswith("-fleet") else "picture"
        device = name.removesuffix("-fleet")
        with self._lock:
            found = self._open.get((device, what))
            if found is None or found.view.look != part.id or not found.view.is_waiting:
                return
            if part.refused is None:
                found.parts.append(part)
            view, parts = found.view, list(found.parts)
        if part.refused is not None:
            self._change(device, view, why_not=part.refused)
            return
        try:
            content = put_together(parts)
        except MalformedMessageError:
            self._change(device, view, why_not="unreadable")
            return
        if content is not None and what == "picture" and not content.startswith(b"\xff\xd8\xff"):
            self._change(device, view, why_not="unreadable")
        elif content is not None:
            now = self._clock.now()
            self._change(device, view, content=content, came_at=now, allowed_s=part.allowed_s)

    def of(self, device: str, what: LookKind) -> DistantView | None:
        """The last one; None where none was asked for, or it has ended."""
        now = self._clock.now()
        with self._lock:
            self._forget(now)
            found = self._open.get((device, what))
        if found is None:
            return None
        if found.view.is_waiting and now >= found.view.asked_at + ANSWERED_WITHIN:
            return replace(found.view, why_not="silent")
        return found.view

    def _change(self, device: str, view: DistantView, **fields: object) -> None:
        with self._lock:
            found = self._open.get((device, view.what))
            if found is not None and found.view.look == view.look:
                self._open[device, view.what] = _Open(replace(view, **fields))  # type: ignore[arg-type]

    def _forget(self, now: datetime) -> None:
        """Under the lock: what is over, and the oldest beyond the most that are kept."""
        kept = {key: each for key, each in self._open.items() if now < each.view.ends_at}
        newest = sorted(kept, key=lambda key: kept[key].view.asked_at)[-_MOST_KEPT:]
        self._open = {key: kept[key] for key in newest}
