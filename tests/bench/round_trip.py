"""The baseline of everything that crosses the broker: a message there and back, and nothing else."""

import queue
import threading
import time

from messaging.mqtt import Delivery, MqttLink
from messaging.topics import device_topic
from tests.fakes.broker import MosquittoBroker

_DEVICE, _STATION = "s0002.k01", "s0002.station"
_PAYLOAD = b"x" * 300


class RoundTrip:
    """Two links on the broker under test, with certificates of another store: request and answer, 300 bytes."""

    def __init__(self, broker: MosquittoBroker) -> None:
        self._answers: queue.SimpleQueue[float] = queue.SimpleQueue()
        self._ups = [threading.Event(), threading.Event()]
        event, result = device_topic(_DEVICE, "event"), device_topic(_DEVICE, "result")

        def answer(delivery: Delivery) -> None:
            delivery.acknowledge()
            self._station.publish(result, delivery.payload)

        def note(delivery: Delivery) -> None:
            self._answers.put(time.perf_counter())
            delivery.acknowledge()

        self._station = MqttLink(broker.address(_STATION), (event,), answer, lambda up: self._ups[0].set())
        self._device = MqttLink(broker.address(_DEVICE), (result,), note, lambda up: self._ups[1].set())
        self._topic = event

    def start(self) -> None:
        self._station.start()
        self._device.start()
        for up in self._ups:
            if not up.wait(20):
                raise TimeoutError("no connection to the broker")
        self.measure_s()

    def measure_s(self) -> float:
        """One round trip in seconds."""
        before = time.perf_counter()
        self._device.publish(self._topic, _PAYLOAD)
        return self._answers.get(timeout=20) - before

    def stop(self) -> None:
        self._device.stop()
        self._station.stop()
