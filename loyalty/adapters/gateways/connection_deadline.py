"""Cuts a connection when its time is up, however slowly the other side drips."""

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self


class ConnectionDeadline:
    """Shuts every watched socket down after ``seconds``; blocked reads and writes then fail at once.

    Time-outs of a socket count for each call only: a server that sends one byte now and then never meets
    them. Works below TLS, because it shuts down a second handle of the same connection.
    """

    def __init__(self, seconds: float) -> None:
        self.has_passed = False
        self._lock = threading.Lock()
        self._watched: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        with self._lock:
            for watched in self._watched:
                watched.close()
            self._watched.clear()

    def watch(self, connection: socket.socket) -> None:
        """Take a connected plain socket under the deadline.

        Raises:
            TimeoutError: The deadline has passed already.
        """
        with self._lock:
            if self.has_passed:
                raise TimeoutError("deadline passed")
            self._watched.append(connection.dup())

    def _cut(self) -> None:
        with self._lock:
            self.has_passed = True
            for watched in self._watched:
                with contextlib.suppress(OSError):
                    watched.shutdown(socket.SHUT_RDWR)
