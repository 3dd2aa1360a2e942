"""What a device got when it joined: its name, certificate and the station's public keys, in one folder.

``device.json`` is written last, so that half an identity is none.
"""

import base64
import binascii
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import ValidationError

from device.errors import PairingError
from messaging.errors import RenewalError
from messaging.model import Message
from messaging.renewing import RENEWED, OwnCertificate
from messaging.station.pairing import PairingAnswered
from runtime.whole_file import replace_file

DEFAULT_PORT = 8082
"""Of a station's door for devices."""

_KEY, _CERTIFICATE, _CA, _SEAL, _CARDS, _FACTS = (
    "key.pem",
    "certificate.pem",
    "ca.pem",
    "seal.pub",
    "cards.pub",
    "device.json",
)


class _Facts(Message):
    name: str
    broker_host: str
    broker_port: int
    door: str = ""
    """Where it joined: the station's door for devices. Empty for who joined before it was noted."""


class Identity:
    """The folder of one device.

    Args:
        folder: Made with mode 0700.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def has_joined(self) -> bool:
        return (self._folder / _FACTS).is_file()

    def has_ended(self, now: datetime) -> bool:
        """Whether its certificate is over: it was away for too long, and staff accept it once more."""
        try:
            return now >= self._own(self._facts()).held().ends_at
        except (PairingError, RenewalError):
            return False

    def join(self, answer: PairingAnswered, key: ec.EllipticCurvePrivateKey, door: str) -> None:
        """Keep what the station gave, and the key, which never leaves the folder.

        Args:
            answer: The station's.
            key: Made for this.
            door: Where the station answered.

        Raises:
            PairingError: It is not complete, is not for our key, was not made by the authority that was
                compared, or cannot be written.
        """
        _check(answer, key)
        facts = _Facts(
            name=str(answer.device),
            broker_host=str(answer.broker_host),
            broker_port=int(answer.broker_port or 0),
            door=door,
        )
        # An identity that ended is none from here on; one that is half written never was one.
        (self._folder / _FACTS).unlink(missing_ok=True)
        (self._folder / RENEWED).unlink(missing_ok=True)
        self._write(_KEY, _key_pem(key))
        self._write(_CA, str(answer.ca_pem).encode())
        self._write(_CERTIFICATE, str(answer.certificate_pem).encode())
        self._write(_SEAL, f"{answer.seal_public_key}\n".encode())
        self._write(_CARDS, "".join(f"{card_key}\n" for card_key in answer.card_keys).encode())
        self._write(_FACTS, facts.model_dump_json().encode())

    def configuration(self) -> dict[str, Any]:
        """What the section ``[device]`` need not say because it stands here.

        Raises:
            PairingError: The folder holds no identity.
        """
        return self._files(self._facts())

    def expected(self) -> dict[str, Any]:
        """The same before it has joined, under a name that nobody bears: for who checks the configuration."""
        return self._files(_Facts(name="s0000.k0", broker_host="localhost", broker_port=8883))

    def _facts(self) -> _Facts:
        try:
            return _Facts.model_validate_json((self._folder / _FACTS).read_bytes())
        except (OSError, ValidationError) as error:
            raise PairingError(f"{self._folder} holds no identity of a device") from error

    def _own(self, facts: _Facts) -> OwnCertificate:
        files = self._files(facts)["broker"]
        return OwnCertificate(
            Path(files["certificate_file"]), Path(files["key_file"]), Path(files["ca_file"]), self._folder
        )

    def _files(self, facts: _Facts) -> dict[str, Any]:
        door = facts.door or f"https://{facts.broker_host}:{DEFAULT_PORT}"
        return {
            "renewal": {"door": door, "folder": str(self._folder)},
            "name": facts.name,
            "seal_public_key_file": str(self._folder / _SEAL),
            "card_verification_keys_file": str(self._folder / _CARDS),
            "broker": {
                "host": facts.broker_host,
                "port": facts.broker_port,
                "ca_file": str(self._folder / _CA),
                "certificate_file": str(self._folder / _CERTIFICATE),
                "key_file": str(self._folder / _KEY),
            },
        }

    def _write(self, name: str, content: bytes) -> None:
        path = self._folder / name
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace_file(path, content)
        except OSError as error:
            raise PairingError(f"cannot write {path}: {error.strerror}") from error


def new_key() -> ec.EllipticCurvePrivateKey:
    """A key for one attempt to join."""
    return ec.generate_private_key(ec.SECP256R1())


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def certificate_request(key: ec.EllipticCurvePrivateKey) -> str:
    """A request for this key. The name in it says nothing: the station chooses."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "new device")])
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    return request.public_bytes(serialization.Encoding.PEM).decode()


def public_key_der(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public half, as both sides derive the code from it."""
    return key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def certificate_der(pem: str) -> bytes:
    """A certificate as both sides derive the code from it.

    Raises:
        PairingError: It is none.
    """
    try:
        return x509.load_pem_x509_certificate(pem.encode()).public_bytes(serialization.Encoding.DER)
    except ValueError as error:
        raise PairingError("the station sent no certificate of its authority") from error


def _check(answer: PairingAnswered, key: ec.EllipticCurvePrivateKey) -> None:
    needed = (
        answer.device,
        answer.certificate_pem,
        answer.ca_pem,
        answer.seal_public_key,
        answer.broker_host,
        answer.broker_port,
    )
    if not all(needed) or not answer.card_keys:
        raise PairingError("the station's answer is not complete")
    try:
        authority = x509.load_pem_x509_certificate(str(answer.ca_pem).encode())
        certificate = x509.load_pem_x509_certificate(str(answer.certificate_pem).encode())
        certificate.verify_directly_issued_by(authority)
        raw = [
            base64.b64decode(text, validate=True) for text in (str(answer.seal_public_key), *answer.card_keys)
        ]
    except (ValueError, TypeError, binascii.Error) as error:
        raise PairingError("the station's certificate or keys are none") from error
    except Exception as error:
        raise PairingError("the certificate was not made by the station's authority") from error
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    is_ours = certificate.public_key() == key.public_key() and [n.value for n in names] == [answer.device]
    if not is_ours or any(len(each) != 32 for each in raw):
        raise PairingError("the certificate is not for this device's key")
