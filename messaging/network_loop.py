"""Drives paho's client: one thread reads and keeps the connection, whoever has something to say writes.

paho's own thread takes every publish over through a socket pair. In a process whose other threads are
busy, it then waited for the interpreter: 2.3 ms between a station's publish and the broker, measured.
So paho runs here as in any foreign event loop (``loop_read``, ``loop_write``, ``loop_misc``), and one lock
says who may touch the socket.
"""

import logging
import random
import select
import socket
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from paho.mqtt.client import Client

from runtime.lifecycle import Worker

_log = logging.getLogger(__name__)

_LOOK_S = 1.0
"""How often keep-alive is looked at."""
_FIRST_PAUSE_S = 1.0


class NetworkLoop:
    """The thread of one client.

    Args:
        client: Configured, told where to connect (``connect_async``), not connected yet.
        longest_pause_s: Between two attempts to connect.
    """

    def __init__(self, client: Client, longest_pause_s: float) -> None:
        self._client = client
        self._longest_pause_s = longest_pause_s
        self._turn = threading.Lock()
        self._calls: deque[Callable[[], None]] = deque()
        self._bells: tuple[socket.socket, socket.socket] | None = None
        # With it paho leaves all writing to us.
        client.on_socket_register_write = _nothing
        self._worker = Worker("mqtt", self._run)
        self._network_thread = 0

    def start(self) -> None:
        self._bells = socket.socketpair()
        for bell in self._bells:
            bell.setblocking(False)
        self._worker.start()

    def stop(self) -> None:
        """End the thread, if it was started; disconnect first."""
        self._worker.stopping.set()
        self._ring()
        self._worker.stop(10.0)
        for bell in self._bells or ():
            bell.close()

    def flush(self) -> None:
        """Send what paho has queued: on this thread, unless the network thread is at it. Never blocks."""
        if threading.get_ident() == self._network_thread:
            return  # it writes before it waits again
        if self._turn.acquire(blocking=False):
            try:
                self._client.loop_write()
            finally:
                self._turn.release()
            if not self._client.want_write() and self._client.socket() is not None:
                return
        self._ring()

    def call(self, what: Callable[[], None]) -> None:
        """Run ``what`` on the network thread: at once if this is it, else soon."""
        if threading.get_ident() == self._network_thread:
            what()
            return
        self._calls.append(what)
        self._ring()

    def _ring(self) -> None:
        if self._bells is None:
            return
        try:
            self._bells[1].send(b"b")
        except BlockingIOError:
            return  # it rings already
        except OSError:
            _log.debug("the loop has ended")

    def _run(self, stopping: threading.Event) -> None:
        self._network_thread = threading.get_ident()
        pause_s = _FIRST_PAUSE_S
        while not stopping.is_set():
            try:
                if self._connect():
                    pause_s = self._serve(stopping, pause_s)
            except Exception:  # noqa: BLE001 - nothing may end this thread; the connection is made anew
                _log.exception("the connection failed")
            self._answer_calls()
            stopping.wait(random.uniform(pause_s / 2, pause_s))  # noqa: S311 - spreads a fleet, guards nothing
            pause_s = min(2 * pause_s, self._longest_pause_s)

    def _connect(self) -> bool:
        with self._turn:
            try:
                self._client.reconnect()
            except OSError as error:
                _log.debug("no connection", extra={"why": str(error)})
                return False
        return True

    def _serve(self, stopping: threading.Event, pause_s: float) -> float:
        """Until the connection is lost or the loop stopped; the pause before the next one."""
        while not stopping.is_set() and (sock := self._client.socket()) is not None:
            self._wait(sock)
            self._take_turn()
            self._answer_calls()
            if self._client.is_connected():
                pause_s = _FIRST_PAUSE_S
        return pause_s

    def _wait(self, sock: Any) -> None:
        """Until the broker, a ring or the next look at keep-alive."""
        pending = getattr(sock, "pending", None)
        if self._bells is None or (pending is not None and pending()):
            return
        waiting = select.poll()
        try:
            waiting.register(sock, select.POLLIN | (select.POLLOUT if self._client.want_write() else 0))
        except (OSError, ValueError):
            return  # closed by another thread's failed write
        waiting.register(self._bells[0], select.POLLIN)
        if any(number == self._bells[0].fileno() for number, _ in waiting.poll(_LOOK_S * 1000)):
            self._bells[0].recv(1024)

    def _take_turn(self) -> None:
        with self._turn:
            self._client.loop_read()
            if self._client.want_write():
                self._client.loop_write()
            self._client.loop_misc()

    def _answer_calls(self) -> None:
        while self._calls:
            self._calls.popleft()()


def _nothing(*_: object) -> None:
    """Tells nobody: the loop looks itself whether there is something to write."""
