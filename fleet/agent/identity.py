"""The agent of a device that joined by itself: it makes its own key, and the device gets it a certificate.

``agent.json`` is written last, so that half an identity is none. A device that joined anew bears another
name; then the agent asks again.
"""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import ValidationError

from fleet.agent.configuration import AgentBrokerSettings, AgentSettings
from fleet.errors import AgentIdentityError
from messaging.errors import MessagingError, RenewalError
from messaging.local.for_agent import CertificateGiven, CertificateWanted
from messaging.model import DeviceName, Message
from messaging.renewal_watch import RenewalSettings
from messaging.renewing import RENEWED, OwnCertificate, certificate_request
from runtime.clock import Clock
from runtime.whole_file import replace_file

_log = logging.getLogger(__name__)

_KEY, _CERTIFICATE, _CA, _FACTS = "key.pem", "certificate.pem", "ca.pem", "agent.json"
_LOOK_S = 300.0


class DeviceBeside(Protocol):
    """The device process of this machine; ``fleet.agent.counter_socket.CounterSocket``."""

    def name(self) -> str:
        """What the device is called; empty where it does not answer, or has not joined."""

    def certificate(self, wanted: CertificateWanted) -> CertificateGiven:
        """A certificate for the agent; raises ``OSError`` or ``MessagingError`` without an answer."""


class _Facts(Message):
    name: DeviceName
    broker_host: str
    broker_port: int
    door: str


class AgentIdentity:
    """The folder of one agent. One thread at a time.

    Args:
        folder: Made with mode 0700.
        device: That vouches for the agent.
        clock: Says whether the certificate has ended.
    """

    def __init__(self, folder: Path, device: DeviceBeside, clock: Clock) -> None:
        self._folder = folder
        self._device = device
        self._clock = clock

    def is_good(self) -> bool:
        """Whether there is one, it has not ended, and the device still bears the name in it."""
        try:
            facts = self._facts()
            if self._clock.now() >= self._own().held().ends_at:
                return False
        except (AgentIdentityError, RenewalError):
            return False
        return self._device.name() in {"", facts.name}

    def get(self) -> None:
        """A new key and a certificate for it. Durable when it returns.

        Raises:
            AgentIdentityError: The device does not answer, the station gives none, what came is not for this
                key, or it cannot be written.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        try:
            given = self._device.certificate(CertificateWanted(csr_pem=certificate_request("agent", key)))
        except (OSError, MessagingError) as error:
            raise AgentIdentityError("the device process does not answer") from error
        if given.refused or given.name is None:
            raise AgentIdentityError(given.refused or "the device gave no certificate")
        _check(given, key)
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        facts = _Facts(
            name=given.name, broker_host=given.broker_host, broker_port=given.broker_port, door=given.door
        )
        try:
            (self._folder / _FACTS).unlink(missing_ok=True)
            (self._folder / RENEWED).unlink(missing_ok=True)
            self._write(_KEY, pem)
            self._write(_CA, given.ca_pem.encode())
            self._write(_CERTIFICATE, given.certificate_pem.encode())
            self._write(_FACTS, facts.model_dump_json().encode())
        except OSError as error:
            raise AgentIdentityError(f"cannot write below {self._folder}: {error.strerror}") from error
        _log.info("the agent has a certificate of its own", extra={"device": given.name})

    def taken_up(self, settings: AgentSettings) -> AgentSettings:
        """The settings with the name, the broker and the certificate of this identity.

        Raises:
            AgentIdentityError: There is none.
        """
        facts = self._facts()
        broker = AgentBrokerSettings(
            host=facts.broker_host,
            port=facts.broker_port,
            ca_file=self._folder / _CA,
            certificate_file=self._folder / _CERTIFICATE,
            key_file=self._folder / _KEY,
        )
        renewal = RenewalSettings(door=facts.door, folder=self._folder)
        return settings.model_copy(update={"name": facts.name, "broker": broker, "renewal": renewal})

    def wait(self, pause: Callable[[float], bool]) -> bool:
        """Ask until there is one; False where ``pause`` says that the process shall end."""
        wait_s, told = 1.0, ""
        while not self.is_good():
            try:
                self.get()
            except AgentIdentityError as error:
                if error.message != told:
                    _log.warning("no certificate yet", extra={"why": error.message})
                told = error.message
                if pause(wait_s):
                    return False
                wait_s = min(wait_s * 2, 30.0)
        return True

    def watch(self, stopping: threading.Event, on_change: Callable[[], None]) -> None:
        """Until stopped; ``on_change`` once the device bears another name: the process has to start anew."""
        while not stopping.wait(_LOOK_S):
            if not self.is_good():
                on_change()
                return

    def _facts(self) -> _Facts:
        try:
            return _Facts.model_validate_json((self._folder / _FACTS).read_bytes())
        except (OSError, ValidationError) as error:
            raise AgentIdentityError(f"{self._folder} holds no identity of an agent") from error

    def _own(self) -> OwnCertificate:
        return OwnCertificate(
            self._folder / _CERTIFICATE, self._folder / _KEY, self._folder / _CA, self._folder
        )

    def _write(self, name: str, content: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(self._folder / name, content)


def _check(given: CertificateGiven, key: ec.EllipticCurvePrivateKey) -> None:
    try:
        certificate = x509.load_pem_x509_certificate(given.certificate_pem.encode())
        certificate.verify_directly_issued_by(x509.load_pem_x509_certificate(given.ca_pem.encode()))
    except (ValueError, TypeError, InvalidSignature) as error:
        raise AgentIdentityError("what the station gave is no certificate of its authority") from error
    names = [each.value for each in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    if certificate.public_key() != key.public_key() or names != [f"{given.name}-fleet"]:
        raise AgentIdentityError("the certificate is not for this agent's key")
