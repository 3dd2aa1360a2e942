"""Hands queued messages to the gateway, on a thread of its own and outside the station's writer."""

import logging
import threading
from collections.abc import Callable

from loyalty.errors import StorageError
from loyalty.ports.messages import MessageGateway
from loyalty.services.context import ServiceContext, UnitOfWorkFactory
from loyalty.services.send_messages import send_queued
from runtime.lifecycle import Worker

_log = logging.getLogger(__name__)
_BATCH = 20


class Courier:
    """Sleeps until it is woken, or until refused messages are due again.

    Args:
        open_unit: Opens a unit of work of its own.
        ctx: See :class:`ServiceContext`.
        gateway: The way out.
        retry_s: Pause before what is still queued is tried again.
        on_death: See :class:`runtime.lifecycle.Worker`.
        on_sent: Called on the courier's thread after messages went out.
    """

    def __init__(
        self,
        open_unit: UnitOfWorkFactory,
        ctx: ServiceContext,
        gateway: MessageGateway,
        *,
        retry_s: float = 20.0,
        on_death: Callable[[str], None] | None = None,
        on_sent: Callable[[], None] | None = None,
    ) -> None:
        self._open_unit = open_unit
        self._ctx = ctx
        self._gateway = gateway
        self._retry_s = retry_s
        self._on_sent = on_sent
        self._wake = threading.Event()
        self._worker = Worker("courier", self._run, on_death)

    def start(self) -> None:
        self._worker.start()
        self.wake()

    def wake(self) -> None:
        """Say that messages may have been queued. Any thread."""
        self._wake.set()

    def stop(self) -> None:
        self._worker.stopping.set()
        self._wake.set()
        self._worker.stop()

    @property
    def is_alive(self) -> bool:
        return self._worker.is_alive

    def _run(self, stopping: threading.Event) -> None:
        while not stopping.is_set():
            self._wake.wait(self._retry_s)
            self._wake.clear()
            while not stopping.is_set() and self._send_batch() == _BATCH:
                continue

    def _send_batch(self) -> int:
        try:
            sent = send_queued(self._open_unit, self._ctx, self._gateway, _BATCH)
        except StorageError:
            _log.warning("messages to members wait: the database is busy")
            return 0
        if sent and self._on_sent is not None:
            self._on_sent()
        return sent
