"""The kiosk's end of the local socket: notes when the result of each scan came."""

import queue
import time
from pathlib import Path
from uuid import UUID

from messaging.local.from_kiosk import FromKiosk, KioskReady
from messaging.local.to_kiosk import TO_KIOSK, CodeNoticed, ResultArrived
from messaging.local_socket import LocalClient
from messaging.station.result import Result
from tests.bench.figures import wait_until


class KioskEnd:
    """A kiosk without a screen."""

    def __init__(self, path: Path) -> None:
        self._noticed: queue.SimpleQueue[UUID] = queue.SimpleQueue()
        self._results: queue.SimpleQueue[tuple[float, Result]] = queue.SimpleQueue()
        self._link = LocalClient(path, self._note, lambda up: None)
        self._link.start()

    def greet(self) -> None:
        wait_until(
            lambda: self._link.send(KioskReady(width=800, height=480, driver="none")), "the kiosk's link"
        )

    def say(self, message: FromKiosk) -> None:
        wait_until(lambda: self._link.send(message), "the kiosk's link")

    def result_of(self, event_id: UUID) -> float:
        """When the result of an event came, on ``perf_counter``'s scale."""
        while True:
            at, result = self._results.get(timeout=20)
            if result.event_id == event_id:
                return at

    def result_of_scan(self) -> tuple[float, Result]:
        """When the result of the next scan came, on ``perf_counter``'s scale, and the result.

        A result that comes twice, because its event was sent again, is taken for no other scan's.
        """
        event_id = self._noticed.get(timeout=20)
        while True:
            at, result = self._results.get(timeout=20)
            if result.event_id == event_id:
                return at, result

    def close(self) -> None:
        self._link.stop()

    def _note(self, frame: bytes) -> None:
        at = time.perf_counter()
        message = TO_KIOSK.validate_json(frame)
        if isinstance(message, CodeNoticed):
            self._noticed.put(message.event_id)
        elif isinstance(message, ResultArrived):
            self._results.put((at, message.result))
