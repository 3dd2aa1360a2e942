"""The station on the broker: hears the devices of its lanes by name, publishes results, sales, settings."""

import logging
from collections.abc import Callable, Iterable

from checkout.devices import DeviceRegistry
from checkout.lanes import LaneDevices
from messaging.codec import decode, encode
from messaging.errors import MessagingError
from messaging.mqtt import BrokerAddress, Delivery, MqttLink
from messaging.station.bell import BellRung
from messaging.station.distant_look import LookAnswered, LookAsked
from messaging.station.fleet import FleetReported
from messaging.station.presence import Presence
from messaging.station.sale import SaleShown
from messaging.station.settings import Desired, Reported
from messaging.topics import (
    Branch,
    RegisterBranch,
    asking_register,
    bell_topic,
    device_topic,
    parse_device_topic,
    register_topic,
)
from runtime.clock import Clock

_log = logging.getLogger(__name__)

_HEARD: tuple[Branch, ...] = ("event", "presence", "reported", "looked")
_HEARD_OF_AGENT: tuple[Branch, ...] = ("reported", "looked")
_AGENT = "-fleet"


def topics_heard(devices: tuple[str, ...]) -> tuple[str, ...]:
    """What a station subscribes to: branches of its own devices and their agents, never a wildcard."""
    own = tuple(device_topic(device, branch) for device in devices for branch in _HEARD)
    agents = (f"{device}{_AGENT}" for device in devices)
    return (*own, *(device_topic(agent, branch) for agent in agents for branch in _HEARD_OF_AGENT))


class StationLink:
    """Routes what the broker delivers, and knows every topic that the station writes to.

    Args:
        address: Broker and the station's certificate.
        lanes: Whose devices are heard.
        devices: Takes presence and reports.
        clock: For the times of reports.
        registers: Names of the registers that are heard first.
        on_ask: Gets what registers ask, on the link's thread.
        on_event: Gets deliveries of the event branch, on the link's thread.
        on_device: Called with a device's name after its presence or report changed.
        on_link: Called when the connection came up or went down.
        on_fleet: Called with a device's name and what its update agent reports.
        on_look: Called with the name of a device, or an agent, and what it answers who wanted to look.
    """

    def __init__(
        self,
        *,
        address: BrokerAddress,
        lanes: LaneDevices,
        devices: DeviceRegistry,
        clock: Clock,
        on_event: Callable[[Delivery], None],
        registers: Iterable[str] = (),
        on_ask: Callable[[Delivery], None] | None = None,
        on_device: Callable[[str], None],
        on_link: Callable[[bool], None],
        on_fleet: Callable[[str, FleetReported], None] = lambda _device, _report: None,
        on_look: Callable[[str, LookAnswered], None] = lambda _name, _part: None,
    ) -> None:
        self._on_look = on_look
        self._on_fleet = on_fleet
        self._devices = devices
        self._clock = clock
        self._on_event = on_event
        self._on_device = on_device
        self._on_ask = on_ask
        asking = tuple(register_topic(name, "ask") for name in registers)
        self._mqtt = MqttLink(address, (*topics_heard(lanes.devices()), *asking), self._route, on_link)

    def start(self) -> None:
        """Connect in the background.

        Raises:
            LinkError: Certificate, key or CA cannot be used.
        """
        self._mqtt.start()

    def stop(self) -> None:
        self._mqtt.stop()

    @property
    def is_connected(self) -> bool:
        return self._mqtt.is_connected

    def hear(self, device: str) -> None:
        """Subscribe to a device that came to a lane while we run."""
        for topic in topics_heard((device,)):
            self._mqtt.subscribe_also(topic)

    def hear_register(self, name: str) -> None:
        """Subscribe to what a register asks."""
        self._mqtt.subscribe_also(register_topic(name, "ask"))

    def send_to_register(self, name: str, branch: RegisterBranch, payload: bytes) -> bool:
        """The ``setup`` branch is retained, so that a register that comes later gets it too."""
        return self._mqtt.publish(register_topic(name, branch), payload, retain=branch == "setup")

    def send_result(self, device: str, result: bytes) -> bool:
        return self.send(device_topic(device, "result"), result)

    def send_sale(self, device: str, sale: SaleShown) -> None:
        self.send(device_topic(device, "sale"), encode(sale))

    def send_desired(self, device: str, desired: Desired) -> None:
        """Retained: a device that comes later gets it too."""
        self._mqtt.publish(device_topic(device, "desired"), encode(desired), retain=True)

    def send_look(self, name: str, asked: LookAsked, expires_s: int) -> bool:
        """To a device or an agent; the broker forgets it soon, so that nobody looks at what is long over."""
        return self._mqtt.publish(device_topic(name, "look"), encode(asked), expires_s=expires_s)

    def send_bell(self, channel: str, bell: BellRung) -> bool:
        """Retained: an agent that comes later looks too."""
        return self._mqtt.publish(bell_topic(channel), encode(bell), retain=True)

    def send(self, topic: str, payload: bytes) -> bool:
        """Any thread; False while the broker is away."""
        return self._mqtt.publish(topic, payload)

    def _route(self, delivery: Delivery) -> None:
        if self._on_ask is not None and asking_register(delivery.topic) is not None:
            self._asked(delivery, self._on_ask)
            return
        try:
            topic = parse_device_topic(delivery.topic)
        except MessagingError:
            _log.warning("a message on a topic that is not ours", extra={"topic": delivery.topic[:80]})
            delivery.acknowledge()
            return
        if topic.branch == "event" and not delivery.is_retained:
            self._on_event(delivery)
            return
        delivery.acknowledge()
        if topic.branch == "event":
            # Retained, it would come again at each connection, also when its id has long been forgotten.
            _log.warning("a retained event was not taken", extra={"device": topic.device})
            return
        if topic.branch == "looked" and delivery.is_retained:
            return
        try:
            self._state_of(topic.device, topic.branch, delivery.payload)
        except MessagingError as error:
            _log.warning("a device's state is unreadable", extra={"device": topic.device, "code": error.code})

    def _asked(self, delivery: Delivery, on_ask: Callable[[Delivery], None]) -> None:
        if delivery.is_retained:
            # Retained, it would come again at each connection, also when its id has long been forgotten.
            _log.warning("a retained question was not taken", extra={"topic": delivery.topic[:80]})
            delivery.acknowledge()
            return
        on_ask(delivery)

    def _state_of(self, device: str, branch: str, payload: bytes) -> None:
        now = self._clock.now()
        if branch == "looked":
            self._on_look(device, decode(payload, LookAnswered))
            return
        if device.endswith(_AGENT):
            if payload and branch == "reported":
                self._on_fleet(device.removesuffix(_AGENT), decode(payload, FleetReported))
            return
        if branch == "presence":
            self._devices.present(device, decode(payload, Presence), now)
        elif branch == "reported":
            self._devices.reported(device, decode(payload, Reported), now)
        self._on_device(device)
