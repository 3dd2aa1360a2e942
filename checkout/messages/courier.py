"""Hands queued messages to the gateway, on a thread of its own and outside the station's writer."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from checkout.messages.gateway_watch import GatewayWatch
from loyalty.domain.channel import Channel
from loyalty.errors import StorageError
from loyalty.ports.messages import MessageGateway
from loyalty.services.context import ServiceContext, UnitOfWorkFactory
from loyalty.services.deliver_messages import DeliveryRound, MessageDispatch, RulesOf, default_rules
from runtime.lifecycle import Worker

_log = logging.getLogger(__name__)
_BATCH = 20
_LEAST_PAUSE_S = 0.5


class Courier:
    """Sleeps until it is woken, or until a message that waits is due.

    When it may go, what happens after a refusal, and that nothing goes out twice is decided by
    :class:`MessageDispatch`.

    Args:
        open_unit: Opens a unit of work of its own.
        ctx: See :class:`ServiceContext`.
        gateway: The way out.
        name: Of this courier, the same after a restart; see :class:`MessageDispatch`.
        rules_of: Quiet hours and caps of the shop.
        retry_s: The longest sleep: queued messages of which nobody told are found then.
        on_death: See :class:`runtime.lifecycle.Worker`.
        on_sent: Called on the courier's thread after messages went out.
    """

    def __init__(
        self,
        open_unit: UnitOfWorkFactory,
        ctx: ServiceContext,
        gateway: MessageGateway,
        *,
        name: str = "station",
        rules_of: RulesOf = default_rules,
        retry_s: float = 20.0,
        on_death: Callable[[str], None] | None = None,
        on_sent: Callable[[], None] | None = None,
    ) -> None:
        self._watch = GatewayWatch(gateway, ctx.clock)
        self._dispatch = MessageDispatch(open_unit, ctx, self._watch, courier=name, rules_of=rules_of)
        self._ctx = ctx
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

    def ways_away(self) -> dict[Channel, datetime]:
        """Channels on which the gateway took nothing, several times in a row, and since when. Any thread."""
        return self._watch.away()

    def when_ways_change(self, tell: Callable[[], None]) -> None:
        """Have ``tell`` called, on the courier's thread, when a channel was lost or came back."""
        self._watch.on_change = tell

    def _run(self, stopping: threading.Event) -> None:
        pause_s = self._retry_s
        while not stopping.is_set():
            self._wake.wait(pause_s)
            self._wake.clear()
            if not stopping.is_set():
                pause_s = self._deliver(stopping)

    def _deliver(self, stopping: threading.Event) -> float:
        """Send what is due; how long to sleep then."""
        try:
            done = self._dispatch.deliver_due(_BATCH)
            while _handled(done) == _BATCH and not stopping.is_set():
                self._tell(done)
                done = self._dispatch.deliver_due(_BATCH)
        except StorageError:
            _log.warning("messages to members wait: the database is busy")
            return self._retry_s
        self._tell(done)
        if done.next_due_at is None:
            return self._retry_s
        due_in_s = (done.next_due_at - self._ctx.clock.now()).total_seconds()
        return min(self._retry_s, max(due_in_s, _LEAST_PAUSE_S))

    def _tell(self, done: DeliveryRound) -> None:
        if done.accepted and self._on_sent is not None:
            self._on_sent()


def _handled(done: DeliveryRound) -> int:
    return done.accepted + done.refused + done.unknown
