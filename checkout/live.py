"""Tells open pages what changed, at once: from the writer's thread into the web server's loop.

Per lane the feed keeps the newest view and a short history, so that a page which lost its stream gets what
it missed (``Last-Event-ID``) or one snapshot. Nothing polls.
"""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

ViewT = TypeVar("ViewT")

_HISTORY = 32
_LET_COMMIT_BEGIN_S = 0.00005
_QUEUED = 64


@dataclass(frozen=True)
class Change(Generic[ViewT]):
    """One state of a lane. ``number`` counts up within the station's life."""

    number: int
    view: ViewT


class Subscription(Generic[ViewT]):
    """One open stream. Made and read on the web server's loop; fed from any thread.

    Args:
        loop: The web server's.
        on_draft: Gets on the loop what is about to be committed: to draw it, not to send it.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        on_draft: Callable[[Change[ViewT]], object] | None = None,
    ) -> None:
        self._loop = loop
        self._on_draft = on_draft
        self._queue: asyncio.Queue[Change[ViewT] | None] = asyncio.Queue(_QUEUED)

    def feed(self, change: Change[ViewT] | None) -> None:
        """Any thread. A page that does not read loses older states, never the newest."""
        try:
            self._loop.call_soon_threadsafe(self._put, change)
        except RuntimeError:
            return  # the loop is closed: the server is stopping and nobody reads any more

    def prepare(self, change: Change[ViewT]) -> None:
        """Any thread. The change will come, or never; it may not be shown before it comes."""
        if self._on_draft is None:
            return
        try:
            self._loop.call_soon_threadsafe(self._draw, change)
        except RuntimeError:
            return  # see ``feed``

    async def next(self, timeout_s: float) -> Change[ViewT] | None:
        """The next change, or None when the stream is to be closed.

        Raises:
            TimeoutError: Nothing came within ``timeout_s``.
        """
        async with asyncio.timeout(timeout_s):
            return await self._queue.get()

    def _draw(self, change: Change[ViewT]) -> None:
        if self._on_draft is not None:
            # Lets the writer have the interpreter until it waits for the disk; else it waits for the drawing.
            time.sleep(_LET_COMMIT_BEGIN_S)
            self._on_draft(change)

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
        change = self._numbered(view)
        self.release(lane, change)
        return change

    def draft(self, lane: int, view: ViewT) -> Change[ViewT]:
        """Let the lane's streams draw what is about to be committed; ``release`` it after the commit.

        So pages are drawn while the disk is waited for: 0.4 ms of each scan. A draft that is never
        released was never shown; its number stays unused.
        """
        change = self._numbered(view)
        with self._lock:
            listeners = tuple(self._open.get(lane, ()))
        for listener in listeners:
            listener.prepare(change)
        return change

    def release(self, lane: int, change: Change[ViewT]) -> None:
        """Make the change the lane's newest and hand it to all its open streams."""
        with self._lock:
            self._history.setdefault(lane, deque(maxlen=_HISTORY)).append(change)
            listeners = tuple(self._open.get(lane, ()))
        for listener in listeners:
            listener.feed(change)

    def _numbered(self, view: ViewT) -> Change[ViewT]:
        with self._lock:
            self._number += 1
            return Change(self._number, view)

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

    def subscribe(
        self, lane: int, on_draft: Callable[[Change[ViewT]], object] | None = None
    ) -> "Subscription[ViewT]":
        """Open a stream; on the loop that will read it. ``on_draft``: see :class:`Subscription`."""
        subscription: Subscription[ViewT] = Subscription(asyncio.get_running_loop(), on_draft)
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
