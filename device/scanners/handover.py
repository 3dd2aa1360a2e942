"""Between the thread that reads a scanner and whoever keeps what it read.

The kernel holds some ten characters of a keyboard for a reader that is away and then throws keys away, while
keeping a code for good takes as long as the disk likes. So the reading thread never waits for the disk.
"""

import contextlib
import queue
import threading
from collections.abc import Callable

from device.readings import Deliver, Misread, Reading
from runtime.lifecycle import Worker

_WAITING = 256
"""Codes; with that many unkept the reader waits after all, and what the kernel loses then is told as lost."""


class Handover:
    """Passes on in order, on a thread of its own. One reader puts.

    Args:
        name: Of the thread.
        deliver: Called on it, one reading at a time.
        died: Called where ``deliver`` raised.
    """

    def __init__(self, name: str, deliver: Deliver, died: Callable[[str], None]) -> None:
        self._deliver = deliver
        self._waiting: queue.Queue[Reading | Misread | None] = queue.Queue(_WAITING)
        self._worker = Worker(name, self._run, died).start()

    def put(self, read: Reading | Misread) -> None:
        """Returns at once, unless very many wait. Nothing is taken once the thread died."""
        while not self._worker.failed:
            with contextlib.suppress(queue.Full):
                self._waiting.put(read, timeout=0.5)
                return

    def stop(self) -> None:
        """Pass on what waits, then end.

        Raises:
            LifecycleError: It did not end in time.
        """
        if self._worker.is_alive:
            self._waiting.put(None)
        self._worker.stop()

    def _run(self, _stopping: threading.Event) -> None:
        while (read := self._waiting.get()) is not None:
            self._deliver(read)
