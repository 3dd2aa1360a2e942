"""From any thread to the one that draws."""

from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any


class Inbox:
    """Takes things on any thread and hands them over in order where ``wake`` leads.

    Args:
        handle: Called for each thing, on the thread that drains.
        make_trigger: Makes of ``drain`` something that any thread may call to have it run soon.
    """

    def __init__(
        self, handle: Callable[[Any], None], make_trigger: Callable[[Callable[..., None]], Any]
    ) -> None:
        self._queue: SimpleQueue[Any] = SimpleQueue()
        self._handle = handle
        self._wake = make_trigger(self.drain)

    def put(self, thing: Any) -> None:
        """Any thread."""
        self._queue.put(thing)
        self._wake()

    def drain(self, *_: Any) -> None:
        """Hand over all there is; on the drawing thread."""
        while True:
            try:
                thing = self._queue.get_nowait()
            except Empty:
                return
            self._handle(thing)
