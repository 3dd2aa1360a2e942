"""The link to the broker: paho, MQTT 5 over mutual TLS 1.3, acknowledged by hand.

What was measured and is therefore built in: without ``TCP_NODELAY`` 44 to 88 ms are lost; an explicit
``clean_start=True`` is repeated at every reconnect and loses messages, so sessions are kept; PUBACK is
no receipt and may carry a refusal; an exception in a callback ends paho's network thread; a message
number names another message after a reconnect, so an acknowledgement is bound to its connection.
"""

import logging
import random
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from messaging.codec import MAX_PAYLOAD_BYTES
from messaging.errors import LinkError, OversizedMessageError
from messaging.network_loop import NetworkLoop

_log = logging.getLogger(__name__)

_KEEPALIVE_S = 20
_INFLIGHT = 20
_QUEUED = 2_000


@dataclass(frozen=True)
class BrokerAddress:
    """Where the broker is and what proves who we are; the client id is the certificate's name."""

    host: str
    port: int
    ca_file: Path
    certificate_file: Path
    key_file: Path
    client_id: str
    session_expiry_s: int = 14 * 24 * 3600


@dataclass(frozen=True)
class Will:
    """What the broker says when we vanish; retained."""

    topic: str
    payload: bytes
    delay_s: int = 5


@dataclass(frozen=True)
class Delivery:
    """One message from the broker. Call :meth:`acknowledge` once it is dealt with for good, on any thread."""

    topic: str
    payload: bytes
    is_retained: bool
    is_repeated: bool
    _acknowledge: Callable[[], None] = field(repr=False)

    def acknowledge(self) -> None:
        self._acknowledge()


class MqttLink:
    """A connection that is kept up for as long as the process runs.

    ``on_message`` and ``on_link`` are called on the network thread: they must not block for long and
    whatever they raise is logged and swallowed here, never let into paho.

    Args:
        address: The broker and our identity.
        subscriptions: Topic filters, taken at QoS 1 at every connect.
        on_message: Gets each delivery; it stays unacknowledged until told so.
        on_link: True after connecting and subscribing, False when the connection is lost.
        will: Last will, if any.
    """

    def __init__(
        self,
        address: BrokerAddress,
        subscriptions: tuple[str, ...],
        on_message: Callable[[Delivery], None],
        on_link: Callable[[bool], None],
        will: Will | None = None,
    ) -> None:
        self._address = address
        self._subscriptions = subscriptions
        self._on_message_cb = on_message
        self._on_link_cb = on_link
        self._generation = 0
        self._first_subscription: int | None = None
        self._connected = threading.Event()
        self._client = self._make_client(will)
        # A whole fleet that lost its broker must not come back in one second.
        self._loop = NetworkLoop(self._client, longest_pause_s=random.uniform(8, 20))  # noqa: S311

    def start(self) -> None:
        """Connect in the background and keep connected.

        Raises:
            LinkError: Certificate, key or CA cannot be used.
        """
        try:
            self._client.tls_set_context(_tls_context(self._address))
        except (OSError, ssl.SSLError) as error:
            raise LinkError(
                f"cannot use the certificate {self._address.certificate_file}: {error}"
            ) from error
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = self._address.session_expiry_s
        self._client.connect_async(
            self._address.host,
            self._address.port,
            keepalive=_KEEPALIVE_S,
            clean_start=False,
            properties=properties,
        )
        self._loop.start()

    def stop(self, goodbye: tuple[str, bytes] | None = None) -> None:
        """Disconnect; ``goodbye`` (topic, payload) is published retained first, instead of the will."""
        if goodbye is not None and self._connected.is_set():
            info = self._client.publish(goodbye[0], goodbye[1], qos=1, retain=True)
            self._loop.flush()
            try:
                info.wait_for_publish(timeout=1.0)
            except (RuntimeError, ValueError):
                _log.info("could not say goodbye")
        self._client.disconnect()
        self._loop.flush()
        self._loop.stop()

    @property
    def is_connected(self) -> bool:
        return self._connected.is_set()

    def subscribe_also(self, topic: str) -> None:
        """Add a subscription to a running link. Any thread."""
        if topic not in self._subscriptions:
            self._subscriptions = (*self._subscriptions, topic)
            if self._connected.is_set():
                self._client.subscribe(topic, qos=1)
                self._loop.flush()

    def publish(
        self, topic: str, payload: bytes, *, retain: bool = False, expires_s: int | None = None
    ) -> bool:
        """Hand a message to the broker at QoS 1. Any thread; never blocks.

        Args:
            topic: Where.
            payload: What.
            retain: The broker keeps it for who comes later.
            expires_s: The broker forgets it after so long; None: not before the receiver's session ends.

        Returns:
            False while there is no connection, or paho's queue is full: the caller's own durable queue
            keeps the message. True means sent, not received: only an application receipt means that.

        Raises:
            OversizedMessageError: The payload would never pass the broker.
        """
        if len(payload) > MAX_PAYLOAD_BYTES:
            raise OversizedMessageError(f"payload of {len(payload)} bytes for {topic}")
        if not self._connected.is_set():
            return False
        properties = None
        if expires_s is not None:
            properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
            properties.MessageExpiryInterval = expires_s
        sent = self._client.publish(topic, payload, qos=1, retain=retain, properties=properties)
        self._loop.flush()
        return sent.rc == MQTTErrorCode.MQTT_ERR_SUCCESS

    def _make_client(self, will: Will | None) -> Client:
        client = Client(
            CallbackAPIVersion.VERSION2, client_id=self._address.client_id, protocol=MQTTv5, manual_ack=True
        )
        client.max_inflight_messages_set(_INFLIGHT)
        client.max_queued_messages_set(_QUEUED)
        client.suppress_exceptions = True
        client.on_socket_open = _no_delay
        client.on_connect = self._connected_cb
        client.on_subscribe = self._subscribed_cb
        client.on_disconnect = self._disconnected_cb
        client.on_message = self._message_cb
        client.on_publish = self._published_cb
        if will is not None:
            properties = Properties(PacketTypes.WILLMESSAGE)  # type: ignore[no-untyped-call]
            properties.WillDelayInterval = will.delay_s
            client.will_set(will.topic, will.payload, qos=1, retain=True, properties=properties)
        return client

    def _connected_cb(
        self, client: Client, _data: Any, flags: ConnectFlags, reason: ReasonCode, _properties: Any
    ) -> None:
        if reason.is_failure:
            _log.warning("the broker refused us", extra={"reason": str(reason)})
            return
        self._generation += 1
        self._first_subscription = None
        if self._subscriptions:
            _, self._first_subscription = client.subscribe(
                [(topic, SubscribeOptions(qos=1)) for topic in self._subscriptions]
            )
        if flags.session_present or not self._subscriptions:
            self._up()  # what we hear stands already, and what waited comes before the answer to this

    def _subscribed_cb(
        self, _client: Client, _data: Any, number: int, reasons: list[ReasonCode], _properties: Any
    ) -> None:
        if any(reason.is_failure for reason in reasons):
            _log.warning("the broker did not take a subscription", extra={"mid": number})
        if number == self._first_subscription and not self._connected.is_set():
            self._up()

    def _up(self) -> None:
        self._connected.set()
        self._guarded(self._on_link_cb, True)

    def _disconnected_cb(
        self, _client: Client, _data: Any, _flags: DisconnectFlags, reason: ReasonCode, _properties: Any
    ) -> None:
        if self._connected.is_set():
            self._connected.clear()
            _log.info("connection to the broker lost", extra={"reason": str(reason)})
            self._loop.call(lambda: self._guarded(self._on_link_cb, False))

    def _message_cb(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        generation = self._generation

        def acknowledge() -> None:
            if generation == self._generation and self._client.is_connected():
                self._client.ack(message.mid, message.qos)
                self._loop.flush()

        delivery = Delivery(message.topic, bytes(message.payload), message.retain, message.dup, acknowledge)
        self._guarded(self._on_message_cb, delivery)

    def _published_cb(
        self, _client: Client, _data: Any, number: int, reason: ReasonCode, _properties: Any
    ) -> None:
        if reason.is_failure:
            _log.warning("the broker did not take a message", extra={"mid": number, "reason": str(reason)})

    def _guarded(self, callback: Callable[[Any], None], argument: object) -> None:
        try:
            callback(argument)
        except Exception:  # noqa: BLE001 - what a callback raises must not end paho's thread
            _log.exception("a message handler failed")


def _no_delay(_client: Client, _data: Any, sock: Any) -> None:
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _tls_context(address: BrokerAddress) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=str(address.ca_file))
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(str(address.certificate_file), str(address.key_file))
    return context
