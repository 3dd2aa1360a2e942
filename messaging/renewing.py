"""A process renews its own certificate: one file with key and certificate, taken up by one rename.

Until the rename the old pair is used, afterwards the new one; both are good for weeks then. So a crash
anywhere leaves a usable certificate.
"""

import base64
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from messaging.errors import RenewalError
from messaging.station.renewal import AgentCertificateRequested, RenewalAnswered, RenewalRequested
from runtime.whole_file import replace_file

RENEWED = "renewed.pem"
_PART_USED = 2 / 3
"""Of 90 days, sixty."""

Ask = Callable[[RenewalRequested], RenewalAnswered]
"""Puts the request to the station; raises ``RenewalError`` where it does not answer."""


@dataclass(frozen=True)
class Held:
    """A certificate, its key, and the files that hold them."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    certificate_file: Path
    key_file: Path

    @property
    def ends_at(self) -> datetime:
        return self.certificate.not_valid_after_utc


class OwnCertificate:
    """One thread at a time.

    Args:
        certificate_file: What the process was given; with ``key_file`` and ``ca_file``.
        key_file: Its key.
        ca_file: Of the authority.
        folder: Where the renewed one lies; private, of the process's own.
    """

    def __init__(self, certificate_file: Path, key_file: Path, ca_file: Path, folder: Path) -> None:
        self._given = (certificate_file, key_file)
        self._ca_file = ca_file
        self._renewed = folder / RENEWED

    def held(self) -> Held:
        """What is to be used: the renewed one where it is sound and of the same name, else what was given.

        Raises:
            RenewalError: What was given cannot be read.
        """
        given = _load(*self._given)
        with contextlib.suppress(RenewalError):
            renewed = _load(self._renewed, self._renewed)
            if _name(renewed.certificate) == _name(given.certificate) and renewed.ends_at > given.ends_at:
                self._authority_made(renewed.certificate)
                return renewed
        return given

    def is_due(self, now: datetime) -> bool:
        """Whether two thirds of its life are over, and it has not ended."""
        certificate = self.held().certificate
        start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        return start + (end - start) * _PART_USED <= now < end

    def renew(self, ask: Ask) -> Held:
        """Ask for the next one and keep it. Durable when it returns.

        Raises:
            RenewalError: The station refused, gave what is none for this key, or the file cannot be written.
        """
        old, key = self.held(), ec.generate_private_key(ec.SECP256R1())
        answer = ask(_request(old, key))
        if answer.certificate_pem is None:
            raise RenewalError(f"the station renews no certificate: {answer.refused}")
        pem = answer.certificate_pem.encode()
        try:
            certificate = x509.load_pem_x509_certificate(pem)
        except ValueError as error:
            raise RenewalError("what the station gave is no certificate") from error
        self._authority_made(certificate)
        is_ours = certificate.public_key() == key.public_key() and _name(certificate) == _name(
            old.certificate
        )
        if not is_ours or certificate.not_valid_after_utc <= old.ends_at:
            raise RenewalError("the certificate is not for this process and its new key")
        self._write(_key_pem(key) + pem)
        return self.held()

    def _authority_made(self, certificate: x509.Certificate) -> None:
        try:
            authority = x509.load_pem_x509_certificate(self._ca_file.read_bytes())
            certificate.verify_directly_issued_by(authority)
        except (OSError, ValueError, TypeError, InvalidSignature) as error:
            raise RenewalError("the certificate was not made by the shop's authority") from error

    def _write(self, content: bytes) -> None:
        try:
            self._renewed.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace_file(self._renewed, content)
        except OSError as error:
            raise RenewalError(f"cannot write {self._renewed}: {error.strerror}") from error


def signed_by_holder(asked: RenewalRequested) -> x509.Certificate | None:
    """The certificate whose key signed the request; None where it did not. Says nothing of who made it."""
    try:
        certificate = x509.load_pem_x509_certificate(asked.certificate_pem.encode())
        key = certificate.public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey):
            return None
        signature = base64.b64decode(asked.signature, validate=True)
        key.verify(
            signature,
            _signed_text(asked.csr_pem, isinstance(asked, AgentCertificateRequested)),
            ec.ECDSA(hashes.SHA256()),
        )
    except (ValueError, InvalidSignature):
        return None
    return certificate


def too_early_until(certificate: x509.Certificate) -> datetime:
    """From when a renewal is given: a little earlier than it is asked for, since clocks differ."""
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return start + (end - start) * _PART_USED - timedelta(days=2)


def agent_request(held: Held, csr_pem: str) -> AgentCertificateRequested:
    """A device's wish for the certificate of its update agent, whose key made ``csr_pem``."""
    signature = held.key.sign(_signed_text(csr_pem, for_agent=True), ec.ECDSA(hashes.SHA256()))
    return AgentCertificateRequested(
        certificate_pem=held.certificate.public_bytes(serialization.Encoding.PEM).decode(),
        csr_pem=csr_pem,
        signature=base64.b64encode(signature).decode(),
    )


def certificate_request(name: str, key: ec.EllipticCurvePrivateKey) -> str:
    """A request for this key; whoever signs chooses the name."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    return request.public_bytes(serialization.Encoding.PEM).decode()


def _signed_text(csr_pem: str, for_agent: bool) -> bytes:
    """A wish for an agent's certificate must not pass for a renewal: it would make the agent the device."""
    return (b"update agent\n" if for_agent else b"") + csr_pem.encode()


def _request(old: Held, key: ec.EllipticCurvePrivateKey) -> RenewalRequested:
    csr_pem = certificate_request(_name(old.certificate), key)
    signature = old.key.sign(_signed_text(csr_pem, for_agent=False), ec.ECDSA(hashes.SHA256()))
    return RenewalRequested(
        certificate_pem=old.certificate.public_bytes(serialization.Encoding.PEM).decode(),
        csr_pem=csr_pem,
        signature=base64.b64encode(signature).decode(),
    )


def _load(certificate_file: Path, key_file: Path) -> Held:
    try:
        certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes())
        key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise RenewalError(f"cannot read the certificate in {certificate_file}") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise RenewalError(f"the key in {key_file} is not the one of {certificate_file}")
    return Held(certificate, key, certificate_file, key_file)


def _name(certificate: x509.Certificate) -> str:
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if len(names) == 1 else ""


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
