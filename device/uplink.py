"""The device's side of the broker: events out, results, sale and settings in, presence and health told.

An event goes out on the thread that stored it, so that nothing stands between a scan and the wire; one
worker sends again what stays unanswered. Callbacks on the link's network thread only note and forward.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import Protocol
from uuid import UUID

from device.errors import OutboxError
from device.health import HealthBoard, PartState
from device.outbox import Outbox, StoredEvent
from device.resending import Resending
from messaging.codec import decode, encode
from messaging.errors import MessagingError
from messaging.mqtt import Delivery
from messaging.station.distant_look import LookAnswered, LookAsked
from messaging.station.presence import Presence
from messaging.station.result import Result
from messaging.station.sale import SaleShown
from messaging.station.settings import Desired, Reported
from messaging.topics import Branch, device_topic, parse_device_topic
from runtime.clock import Clock
from runtime.lifecycle import Worker

_log = logging.getLogger(__name__)

_RETRY_S = 0.3
UPLINK = "uplink"
"""Its name on the health board."""


class Link(Protocol):
    """What the uplink needs of ``messaging.mqtt.MqttLink``."""

    @property
    def is_connected(self) -> bool: ...

    def start(self) -> None: ...

    def stop(self, goodbye: tuple[str, bytes] | None = None) -> None: ...

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> bool: ...


class Listener(Protocol):
    """Who is told what comes from the station; on the link's network thread, must return soon."""

    def on_result(self, result: Result) -> None: ...

    def on_sale(self, sale: SaleShown) -> None: ...

    def on_desired(self, desired: Desired) -> None: ...

    def on_online(self, is_online: bool) -> None: ...

    def on_silence(self, is_silent: bool) -> None:
        """The broker is there, and whether the station behind it answers no more. On the uplink's thread."""


def subscriptions(device: str) -> tuple[str, ...]:
    """The topics a device hears: its own branch only."""
    heard: tuple[Branch, ...] = ("result", "sale", "desired", "look")
    return tuple(device_topic(device, branch) for branch in heard)


class Uplink:
    """Events from the outbox to the station until each is answered. ``send`` from any thread.

    Args:
        device: The device's certificate name.
        outbox: Where the events lie.
        clock: Times the pauses.
        board: Where the connection is reported.
        presence: What to say of ourselves while connected.
        report: Gives the health to tell when asked.
        on_death: Told when the delivering thread died.
    """

    def __init__(
        self,
        *,
        device: str,
        outbox: Outbox,
        clock: Clock,
        board: HealthBoard,
        presence: Presence,
        report: Callable[[], Reported],
        on_death: Callable[[str], None] | None = None,
    ) -> None:
        self._device = device
        self._event_topic = device_topic(device, "event")
        self._outbox = outbox
        self._clock = clock
        self._board = board
        self._presence = presence
        self._report = report
        self._changed = threading.Condition()
        self._resending = Resending()
        self._answered: deque[UUID] = deque()
        self._report_due = False
        self._has_station_begun = False
        self._is_silent = False
        self._link: Link | None = None
        self._listener: Listener | None = None
        self._worker = Worker("uplink", self._run, on_death)
        self.on_look: Callable[[LookAsked], None] | None = None
        """Told that staff elsewhere want to see the screen, on the link's thread."""

    def start(self, link: Link, listener: Listener) -> None:
        """Connect in the background and deliver.

        Raises:
            LinkError: Certificate, key or CA cannot be used.
        """
        self._link, self._listener = link, listener
        self._board.report(UPLINK, PartState.DEGRADED, "not connected yet")
        self._worker.start()
        link.start()

    def stop(self) -> None:
        """Say goodbye, write down the last answers, disconnect."""
        self._worker.stopping.set()
        with self._changed:
            self._changed.notify_all()
        self._worker.stop()
        if self._link is not None:
            gone = self._presence.model_copy(update={"state": "offline"})
            self._link.stop((device_topic(self._device, "presence"), encode(gone)))

    @property
    def is_online(self) -> bool:
        return self._link is not None and self._link.is_connected

    def send(self, event: StoredEvent) -> None:
        """Publish a stored event now if connected; otherwise it goes out after connecting."""
        with self._changed:
            # The worker may have found it in the outbox before its own thread came here.
            if not self._resending.is_out(event.id) and event.id not in self._answered:
                self._publish(event)
            # The worker minds the pause that began, and tries again what could not be published.
            self._changed.notify_all()

    def tell_look(self, answers: Iterable[LookAnswered]) -> bool:
        """Answer who wanted to see the screen; False while the broker is away: then they ask again."""
        topic, link = device_topic(self._device, "looked"), self._link
        return link is not None and all(link.publish(topic, encode(answer)) for answer in answers)

    def report_soon(self) -> None:
        """Something in the health report changed."""
        with self._changed:
            self._report_due = True
            self._changed.notify_all()

    def on_link(self, is_connected: bool) -> None:
        """The link's callback: a connection was made or lost."""
        with self._changed:
            self._resending.connected()
            self._report_due = is_connected
            if is_connected and self._link is not None:
                self._link.publish(
                    device_topic(self._device, "presence"), encode(self._presence), retain=True
                )
            self._changed.notify_all()
        if is_connected:
            self._board.report(UPLINK, PartState.OK)
        else:
            self._board.report(UPLINK, PartState.DEGRADED, "the broker cannot be reached; events wait here")
        if self._listener is not None:
            self._listener.on_online(is_connected)

    def on_delivery(self, delivery: Delivery) -> None:
        """The link's callback: a message of the station. A bad one is logged and done with."""
        try:
            branch = parse_device_topic(delivery.topic).branch
            if branch == "result":
                self._on_result(decode(delivery.payload, Result))
            elif branch == "sale" and self._listener is not None:
                self._listener.on_sale(decode(delivery.payload, SaleShown))
            elif branch == "look" and self.on_look is not None and not delivery.is_retained:
                self.on_look(decode(delivery.payload, LookAsked))
            elif branch == "desired" and delivery.payload and self._listener is not None:
                self._listener.on_desired(decode(delivery.payload, Desired))
                with self._changed:
                    if not delivery.is_retained:  # what the broker kept says nothing of the station now
                        self._resending.station_began()
                        self._has_station_begun = True
                    self._changed.notify_all()
        except MessagingError as error:
            _log.warning("message refused", extra={"topic": delivery.topic, "code": error.code})
        finally:
            delivery.acknowledge()

    def _on_result(self, result: Result) -> None:
        if self._listener is not None:
            self._listener.on_result(result)
        with self._changed:
            self._resending.answered(result.event_id, self._clock.monotonic_s())
            self._answered.append(result.event_id)
            self._changed.notify_all()

    def _publish(self, event: StoredEvent) -> bool:
        if self._link is None or not self._link.publish(self._event_topic, event.payload):
            return False
        self._resending.sent(event, self._clock.monotonic_s())
        return True

    def _run(self, stopping: threading.Event) -> None:
        while True:
            try:
                self._note_answers()
                self._deliver()
                self._tell_silence()
                pause_s = self._pause_s()
            except OutboxError as error:
                _log.error("outbox refused", extra={"why": error.message})
                pause_s = 1.0
            with self._changed:
                if stopping.is_set():
                    if not self._answered:
                        return
                    continue
                if not (self._answered or self._report_due or self._has_station_begun):
                    self._changed.wait(pause_s)

    def _note_answers(self) -> None:
        with self._changed:
            answered = list(self._answered)
        if answered:
            self._outbox.answered(answered)
            with self._changed:
                for _ in answered:
                    self._answered.popleft()

    def _deliver(self) -> None:
        self._release_given_up()
        if not self.is_online:
            with self._changed:
                self._report_due = False
            return
        self._tell_report()
        with self._changed:
            due = self._resending.due(self._clock.monotonic_s())
            for event in due.send:
                self._publish(event)
        for event_id in due.quarantine:
            _log.error("event unanswered for a day; put into quarantine", extra={"event": str(event_id)})
            self._outbox.quarantine(event_id)
        for event_id, waited_s in due.save_waits:
            self._outbox.waited(event_id, waited_s)
        self._pull_backlog()

    def _release_given_up(self) -> None:
        """A station that was away for a day answered nothing; now that it came it may answer that too."""
        with self._changed:
            has_begun, self._has_station_begun = self._has_station_begun, False
        if has_begun and self._outbox.quarantined and self._outbox.release():
            with self._changed:
                self._resending.last_pulled_seq = 0

    def _tell_silence(self) -> None:
        with self._changed:
            silent_at_s = self._resending.silent_at_s
            is_silent = (
                self.is_online and silent_at_s is not None and self._clock.monotonic_s() >= silent_at_s
            )
            if is_silent == self._is_silent:
                return
            self._is_silent = is_silent
        if is_silent:
            self._board.report(UPLINK, PartState.DEGRADED, "the station does not answer; events wait here")
        elif self.is_online:
            self._board.report(UPLINK, PartState.OK)
        if self._listener is not None:
            self._listener.on_silence(is_silent)

    def _tell_report(self) -> None:
        with self._changed:
            due, self._report_due = self._report_due, False
        if due and self._link is not None:
            self._link.publish(device_topic(self._device, "reported"), encode(self._report()), retain=True)

    def _pull_backlog(self) -> None:
        with self._changed:
            room, after = self._resending.room, self._resending.last_pulled_seq
            connection = self._resending.connection
        if room == 0:
            return
        for event in self._outbox.queued_after(after, room):
            with self._changed:
                if self._resending.connection != connection:
                    return  # begin anew on the new connection
                if event.id in self._answered:
                    continue
                if not self._resending.is_out(event.id) and not self._publish(event):
                    return  # the link is down, or its queue is full: begin here next time
                self._resending.last_pulled_seq = event.seq

    def _pause_s(self) -> float | None:
        """Until something is due; None sleeps until told."""
        if not self.is_online:
            return None
        with self._changed:
            next_s = self._resending.next_s()
            if next_s is None:
                return _RETRY_S if self._outbox.queued > len(self._answered) else None
            silent_at_s = self._resending.silent_at_s
            if silent_at_s is not None and not self._is_silent:
                next_s = min(next_s, silent_at_s)
            return max(0.005, next_s - self._clock.monotonic_s())
