"""A station that only receives: opens what devices say, answers, and counts each event once as the real one does."""

import queue
import threading
from uuid import UUID

from messaging.codec import decode, encode
from messaging.events.envelope import EventEnvelope, open_body
from messaging.mqtt import BrokerAddress, MqttLink
from messaging.seal import Opener
from messaging.station.result import Result
from messaging.topics import device_topic
from runtime.clock import SystemClock
from tests.patience import PATIENCE_S


class FakeStation:
    """The checkout station's end of one device's branch, on a real broker.

    Args:
        address: The broker, as the station.
        opener: Holds the station's key.
        device: The device it hears.
    """

    def __init__(self, address: BrokerAddress, opener: Opener, device: str = "s0001.k01") -> None:
        self.device = device
        self.answers = True
        """Whether events get their result."""
        self.envelopes: queue.Queue = queue.Queue()
        self.events: queue.Queue = queue.Queue()
        self.presence: queue.Queue = queue.Queue()
        self.reported: queue.Queue = queue.Queue()
        self.arrivals: list[UUID] = []
        self.online = threading.Event()
        self._opener = opener
        self._link = MqttLink(
            address,
            tuple(device_topic(device, branch) for branch in ("event", "presence", "reported")),
            self._on_message,
            lambda is_up: self.online.set() if is_up else self.online.clear(),
        )
        self._link.start()
        assert self.online.wait(PATIENCE_S)

    def send(self, branch, message, retain=False):
        self._link.publish(device_topic(self.device, branch), encode(message), retain=retain)

    def answer(self, envelope):
        result = Result(
            event_id=envelope.id, outcome="accepted", session=envelope.session, at=SystemClock().now()
        )
        self.send("result", result)

    def next_event(self, timeout_s=PATIENCE_S):
        """Envelope and body of the next event."""
        return self.events.get(timeout=timeout_s)

    def stop(self):
        self._link.stop()

    def _on_message(self, delivery):
        branch = delivery.topic.rsplit("/", 1)[1]
        if branch != "event":
            getattr(self, branch).put(delivery.payload)
        else:
            envelope = decode(delivery.payload, EventEnvelope)
            # A device sends again what is not answered in time, which a busy machine makes happen.
            if envelope.id not in self.arrivals:
                self.events.put((envelope, open_body(envelope, self._opener)))
            self.arrivals.append(envelope.id)
            if self.answers:
                self.answer(envelope)
        delivery.acknowledge()
