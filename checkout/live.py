"""Tells open pages what changed, at once: from the writer's thread into the web server's loop.

Per lane the feed keeps the newest view and a short history, so that a page which lost its stream gets what
it missed (``Last-Event-ID``) or one snapshot. Nothing polls.
"""

import asyncio
import threading
from collections import deque
from dataclasses import dataclass
from typing import Generic, TypeVar

ViewT = TypeVar("ViewT")

_HISTORY = 32
_QUEUED = 64


@dataclass(frozen=True)
class Change(Generic[ViewT]):
    """One state of a lane. ``number`` counts up within the station's life."""

    number: int
    view: ViewT


class Subscription(Generic[ViewT]):
    """One open stream. Made and read on the web server's loop; fed from any thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._queue: asyncio.Queue[Change[ViewT] | None] = asyncio.Queue(_QUEUED)

    def feed(self, change: Change[ViewT] | None) -> None:
        """Any thread. A page that does not read loses older states, never the newest."""
        try:
            self._loop.call_soon_threadsafe(self._put, change)
        except RuntimeError:
            return  # the loop is closed: the server is stopping and nobody reads any more

    async def next(self, timeout_s: float) -> Change[ViewT] | None:
        """The next change, or None when the stream is to be closed.

        Raises:
            TimeoutError: Nothing came within ``timeout_s``.
        """
        async with asyncio.timeout(timeout_s):
            return await self._queue.get()

    def _put(self, change: Change[ViewT] | None) -> None:
        if self._queue.full():
            self._queue.get_nowait()
        self._queue.put_nowait(change)


class LaneFeeds(Generic[ViewT]):
    """The feeds of all lanes of the station. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._number = 0
        self._history: dict[int, deque[Change[ViewT]]] = {}
        self._open: dict[int, set[Subscription[ViewT]]] = {}

    def publish(self, lane: int, view: ViewT) -> Change[ViewT]:
        """Make ``view`` the lane's newest and hand it to all its open streams."""
        with self._lock:
            self._number += 1
            change = Change(self._number, view)
            self._history.setdefault(lane, deque(maxlen=_HISTORY)).append(change)
            listeners = tuple(self._open.get(lane, ()))
        for listener in listeners:
            listener.feed(change)
        return change

    def newest(self, lane: int) -> Change[ViewT] | None:
        with self._lock:
            history = self._history.get(lane)
            return history[-1] if history else None

    def missed(self, lane: int, last_number: int) -> list[Change[ViewT]]:
        """What came after ``last_number``: all of it if it is still kept, else the newest as a snapshot."""
        with self._lock:
            history = self._history.get(lane)
            if not history:
                return []
            if last_number == history[-1].number:
                return []
            if history[0].number <= last_number < history[-1].number:
                return [change for change in history if change.number > last_number]
            return [history[-1]]

    def subscribe(self, lane: int) -> "Subscription[ViewT]":
        """Open a stream; on the loop that will read it."""
        subscription: Subscription[ViewT] = Subscription(asyncio.get_running_loop())
        with self._lock:
            self._open.setdefault(lane, set()).add(subscription)
        return subscription

    def unsubscribe(self, lane: int, subscription: "Subscription[ViewT]") -> None:
        with self._lock:
            self._open.get(lane, set()).discard(subscription)

    def close_all(self) -> None:
        """End all streams: the server stops."""
        with self._lock:
            listeners = [one for group in self._open.values() for one in group]
        for listener in listeners:
            listener.feed(None)
