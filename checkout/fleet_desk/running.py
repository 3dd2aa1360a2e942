"""The desk's thread at the station: a turn every few seconds, and a bell that is rung until it was heard."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from checkout.fleet_desk.store import SqlDeskStore
from fleet.desk.desk import Desk, Publisher
from messaging.station.bell import BellRung
from runtime.clock import Clock
from runtime.errors import ComptoirError
from runtime.lifecycle import Worker

_log = logging.getLogger(__name__)

Send = Callable[[str, BellRung], bool]
"""Publishes a channel's bell; False while the broker is away."""


class FleetDesk:
    """Any thread.

    Args:
        store: Closed at the end.
        publisher: Signs.
        clock: The station's.
        turn_s: Between two turns.
        on_death: Told when the thread died.
    """

    def __init__(
        self,
        store: SqlDeskStore,
        publisher: Publisher,
        clock: Clock,
        *,
        turn_s: float,
        on_death: Callable[[str], None] | None = None,
    ) -> None:
        self._store = store
        self._turn_s = turn_s
        self._send: Send = lambda _channel, _bell: False
        self._due: dict[str, BellRung] = {}
        self._woken = threading.Event()
        self.trouble = ""
        """Why the last turn did not end well; for the page."""
        self.desk = Desk(store, publisher, self._ring, clock)
        self._worker = Worker("fleet desk", self._run, on_death)

    def when_ringing(self, send: Send) -> None:
        self._send = send

    def start(self) -> None:
        self._worker.start()

    def stop(self) -> None:
        self._worker.stopping.set()
        self._woken.set()
        self._worker.stop()
        self._store.close()

    def wake(self) -> None:
        """Something was decided: take the next turn now."""
        self._woken.set()

    def releases(self) -> list[str]:
        """What may be rolled out, newest first; empty where the repository cannot be read."""
        try:
            return self.desk.releases()
        except (ComptoirError, OSError):
            return []

    def turn(self) -> None:
        """One turn; what goes wrong is shown and tried again."""
        try:
            self.desk.turn()
            self.trouble = ""
        except (ComptoirError, OSError, SQLAlchemyError) as error:
            self.trouble = str(error)
            _log.error("the desk's turn failed", extra={"why": str(error)[:300]})
        for channel, bell in list(self._due.items()):
            if self._send(channel, bell):
                del self._due[channel]

    def _ring(self, channel: str, number: int, at: datetime) -> None:
        self._due[channel] = BellRung(number=number, at=at)

    def _run(self, stopping: threading.Event) -> None:
        while not stopping.is_set():
            self.turn()
            self._woken.wait(self._turn_s)
            self._woken.clear()
