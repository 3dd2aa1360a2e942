"""A bare MQTT 5 client that shows what really crosses the broker, refusals included."""

import queue
import socket
import ssl
import threading
from pathlib import Path
from typing import Any

from paho.mqtt.client import Client, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from messaging.mqtt import BrokerAddress
from tests.patience import PATIENCE_S

WAIT_S = PATIENCE_S


def tls_context(
    ca_file: Path, folder: Path | None, version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3
) -> ssl.SSLContext:
    """A client context of exactly one TLS version, with the certificate of a folder or none."""
    context = ssl.create_default_context(cafile=str(ca_file))
    context.minimum_version = context.maximum_version = version
    if folder is not None:
        context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context


def lets_in(address: BrokerAddress, context: ssl.SSLContext | None) -> bool:
    """Whether the broker answers a minimal MQTT 5 CONNECT over TLS, or over plain TCP without a context."""
    connect = bytes.fromhex("101000044d5154540502003c0000036b3031")
    try:
        with socket.create_connection((address.host, address.port), timeout=WAIT_S) as plain:
            wrapped = plain if context is None else context.wrap_socket(plain, server_hostname=address.host)
            with wrapped:
                wrapped.sendall(connect)
                return wrapped.recv(4)[:1] == b"\x20"
    except (ssl.SSLError, ConnectionError):
        return False


class BareClient:
    """One connection, made on construction; what arrives waits in :attr:`messages`.

    Args:
        address: The broker, and whose certificate to show.
        client_id: What to call itself; by default its certificate's name.
        no_delay: Whether to set ``TCP_NODELAY``.
        keep_session: Whether the broker is to keep the session after the connection.
    """

    def __init__(
        self,
        address: BrokerAddress,
        client_id: str | None = None,
        *,
        no_delay: bool = True,
        keep_session: bool = False,
    ) -> None:
        self.messages: queue.SimpleQueue[tuple[str, bytes]] = queue.SimpleQueue()
        self.properties: Any = None
        self.lost = threading.Event()
        self._connected = threading.Event()
        self._answers: dict[int, ReasonCode] = {}
        self._answered = threading.Condition()
        self._client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=address.client_id if client_id is None else client_id,
            protocol=MQTTv5,
        )
        self._client.tls_set_context(tls_context(address.ca_file, address.certificate_file.parent))
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = lambda *_: self.lost.set()
        self._client.on_message = self._on_message
        self._client.on_publish = lambda _c, _d, mid, reason, _p: self._answer(mid, reason)
        self._client.on_subscribe = lambda _c, _d, mid, reasons, _p: self._answer(mid, reasons[0])
        if no_delay:
            self._client.on_socket_open = lambda _c, _d, sock: sock.setsockopt(
                socket.IPPROTO_TCP, socket.TCP_NODELAY, 1
            )
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = 3600 if keep_session else 0
        self._client.connect(
            address.host, address.port, keepalive=60, clean_start=not keep_session, properties=properties
        )
        self._client.loop_start()
        assert self._connected.wait(WAIT_S), "no CONNACK"

    def subscribe(self, topic: str) -> ReasonCode:
        """The broker's answer to a subscription."""
        return self._wait(self._client.subscribe(topic, qos=1)[1])

    def publish(self, topic: str, payload: bytes = b"{}", *, retain: bool = False) -> ReasonCode:
        """The broker's answer to a message."""
        return self._wait(self._client.publish(topic, payload, qos=1, retain=retain).mid)

    def publish_unanswered(self, topic: str, payload: bytes) -> None:
        """Send and do not wait: for messages that the broker does not answer."""
        self._client.publish(topic, payload, qos=1)

    def next_message(self) -> tuple[str, bytes]:
        """The next thing delivered here."""
        return self.messages.get(timeout=WAIT_S)

    def hang_up(self) -> None:
        """Say goodbye without waiting for the end."""
        self._client.disconnect()

    def close(self) -> None:
        self.hang_up()
        self._client.loop_stop()

    def _on_connect(self, _c: Client, _d: Any, _flags: Any, reason: ReasonCode, properties: Any) -> None:
        if not reason.is_failure:
            self.properties = properties
            self._connected.set()

    def _on_message(self, _c: Client, _d: Any, message: MQTTMessage) -> None:
        self.messages.put((message.topic, bytes(message.payload)))

    def _answer(self, number: int, reason: ReasonCode) -> None:
        with self._answered:
            self._answers[number] = reason
            self._answered.notify_all()

    def _wait(self, number: int | None) -> ReasonCode:
        assert number is not None
        with self._answered:
            assert self._answered.wait_for(lambda: number in self._answers, WAIT_S), "no answer"
            return self._answers.pop(number)
