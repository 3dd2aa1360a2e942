"""Threads with an end: named, stoppable, joined with a limit, and a death that is noticed."""

import contextlib
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator

from runtime.errors import LifecycleError

_log = logging.getLogger(__name__)

_LISTENER_S = 5.0


class Worker:
    """One named thread around ``run(stopping)``.

    ``run`` must return soon after ``stopping`` is set. If it raises, the error is logged with its
    traceback, ``failed`` turns true and ``on_death`` is called, so that a process can end itself
    (systemd restarts it) instead of living on with a part of it dead.
    """

    def __init__(
        self,
        name: str,
        run: Callable[[threading.Event], object],
        on_death: Callable[[str], None] | None = None,
    ) -> None:
        self.name = name
        self.failed = False
        self.stopping = threading.Event()
        self._run = run
        self._on_death = on_death
        self._thread = threading.Thread(target=self._guarded, name=name, daemon=True)

    def start(self) -> "Worker":
        self._thread.start()
        return self

    def stop(self, timeout_s: float = 5.0) -> None:
        """Ask the thread to end and wait for it.

        Raises:
            LifecycleError: It still ran after ``timeout_s``.
        """
        self.stopping.set()
        if self._thread is threading.current_thread() or not self._thread.is_alive():
            return
        self._thread.join(timeout_s)
        if self._thread.is_alive():
            raise LifecycleError(f"thread {self.name} did not stop within {timeout_s} s")

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def _guarded(self) -> None:
        try:
            self._run(self.stopping)
        except Exception:  # noqa: BLE001 - the top of a thread: logged, and told to its owner
            self.failed = True
            _log.exception("thread died", extra={"thread_name": self.name})
            if self._on_death is not None:
                self._on_death(self.name)


_STOPS = (signal.SIGTERM, signal.SIGINT)


@contextlib.contextmanager
def stop_signals() -> Iterator[threading.Event]:
    """Main thread only: an event that SIGTERM and SIGINT set; the old handlers come back at the end.

    The event is set by a thread of its own, which hears of a signal through the interpreter's wakeup
    descriptor: at once, whatever the main thread does or waits for. A handler in Python would run only when
    the main thread comes to it, and it would have to take the event's lock, which that thread may hold.
    Inside another such block, or where an event loop has set its own descriptor, that one is told as well.
    """
    asked = threading.Event()
    hearing, telling = socket.socketpair()
    telling.setblocking(False)
    handlers = {number: signal.getsignal(number) for number in _STOPS}
    descriptor = signal.set_wakeup_fd(telling.fileno(), warn_on_full_buffer=False)
    listener = threading.Thread(
        target=_listen, args=(hearing, asked, descriptor), name="stop signals", daemon=True
    )
    listener.start()
    for number in _STOPS:
        signal.signal(number, _heard_elsewhere)
    try:
        yield asked
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(descriptor)
        telling.close()
        listener.join(_LISTENER_S)
        hearing.close()


def _heard_elsewhere(_number: int, _frame: object) -> None:
    """Keeps the kernel from ending the process; the wakeup descriptor is told before this runs."""


def _listen(hearing: socket.socket, asked: threading.Event, outer: int) -> None:
    """Until the other end is closed. Any byte is the number of a signal."""
    while numbers := hearing.recv(64):
        if any(number in _STOPS for number in numbers):
            asked.set()
        if outer >= 0:
            with contextlib.suppress(OSError):  # full or closed: it has been told, or is gone
                os.write(outer, numbers)
