"""Threads with an end: named, stoppable, joined with a limit, and a death that is noticed."""

import contextlib
import logging
import signal
import threading
from collections.abc import Callable, Iterator

from runtime.errors import LifecycleError

_log = logging.getLogger(__name__)


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


@contextlib.contextmanager
def stop_signals() -> Iterator[threading.Event]:
    """Main thread only: an event that SIGTERM and SIGINT set; the old handlers come back at the end."""
    asked = threading.Event()
    old = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    for number in old:
        signal.signal(number, lambda *_: asked.set())
    try:
        yield asked
    finally:
        for number, handler in old.items():
            signal.signal(number, handler)
