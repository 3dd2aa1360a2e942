"""The agent on the broker: hears the doorbell, tells what is so. A message makes it look, never install."""

import logging
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from fleet.agent.configuration import AgentBrokerSettings
from fleet.agent.own_logs import Tell
from messaging.codec import decode, encode
from messaging.errors import MessagingError
from messaging.mqtt import BrokerAddress, Delivery, MqttLink, Will
from messaging.station.bell import BellRung
from messaging.station.distant_look import LookAnswered, LookAsked
from messaging.station.fleet import FleetReported
from messaging.station.presence import Presence
from messaging.topics import bell_topic, device_topic
from runtime.ids import boot_id

_log = logging.getLogger(__name__)


class BrokerLine:
    """Keeps the newest report until the broker is there. Any thread.

    Args:
        device: As in ``s0001.k01``.
        channel: Whose bell is heard.
        settings: Broker and certificate.
        release: What runs, for presence.
        on_ring: Called on the network's thread when the bell rang anew.
        on_look: Called there when staff want to see the last lines, with what publishes the answer.
    """

    def __init__(
        self,
        device: str,
        channel: str,
        settings: AgentBrokerSettings,
        *,
        release: str,
        on_ring: Callable[[BellRung], None],
        on_look: Callable[[LookAsked, Tell], None],
    ) -> None:
        name = f"{device}-fleet"
        self._reported = device_topic(name, "reported")
        self._presence_topic = device_topic(name, "presence")
        self._online = Presence(state="online", boot=boot_id(), release=release)
        self._on_ring = on_ring
        self._on_look = on_look
        self._look_topic, self._looked_topic = device_topic(name, "look"), device_topic(name, "looked")
        self._lock = threading.Lock()
        self._newest: FleetReported | None = None
        self._is_told = True
        self._rung = 0
        offline = encode(self._online.model_copy(update={"state": "offline"}))
        address = BrokerAddress(
            host=settings.host,
            port=settings.port,
            ca_file=Path(settings.ca_file),
            certificate_file=Path(settings.certificate_file),
            key_file=Path(settings.key_file),
            client_id=name,
        )
        self._link = MqttLink(
            address,
            (bell_topic(channel), self._look_topic),
            self._heard,
            self._connected,
            Will(self._presence_topic, offline),
        )

    def start(self) -> None:
        """Connect in the background.

        Raises:
            LinkError: Certificate, key or CA cannot be used.
        """
        self._link.start()

    def stop(self) -> None:
        offline = self._online.model_copy(update={"state": "offline"})
        self._link.stop((self._presence_topic, encode(offline)))

    @property
    def is_connected(self) -> bool:
        return self._link.is_connected

    def publish(self, report: FleetReported) -> bool:
        """Now, or once the broker is there; only the newest counts."""
        with self._lock:
            self._newest = report
            self._is_told = self._link.publish(self._reported, encode(report), retain=True)
            return self._is_told

    def tell_look(self, answers: Iterable[LookAnswered]) -> bool:
        """False while the broker is away: then staff ask again."""
        return all(self._link.publish(self._looked_topic, encode(answer)) for answer in answers)

    def _connected(self, is_up: bool) -> None:
        if not is_up:
            return
        self._link.publish(self._presence_topic, encode(self._online), retain=True)
        with self._lock:
            if self._newest is not None:
                self._is_told = self._link.publish(self._reported, encode(self._newest), retain=True)

    def _heard(self, delivery: Delivery) -> None:
        delivery.acknowledge()
        try:
            if delivery.topic == self._look_topic:
                if not delivery.is_retained:
                    self._on_look(decode(delivery.payload, LookAsked), self.tell_look)
                return
            bell = decode(delivery.payload, BellRung)
        except MessagingError as error:
            _log.warning(
                "a message cannot be read", extra={"topic": delivery.topic[-40:], "code": error.code}
            )
            return
        if bell.number != self._rung:
            self._rung = bell.number
            self._on_ring(bell)
