"""The signing process: holds the authority's key, and gives certificates to devices and nothing else.

It signs only what bears the form of a device's certificate, under names it chooses itself, and writes down
which lane a device belongs to and who was revoked. From that and the configuration root renders the broker's
access list, so that a revoked device loses its open session within a second.
"""

import json
import logging
import os
import socketserver
import threading
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import Field, ValidationError

from comptoir.certs import Authority
from comptoir.errors import CertificateError
from comptoir.paired import PairedDevices
from messaging.renewing import signed_by_holder, too_early_until
from messaging.signing import (
    MAX_LINE_BYTES,
    SIGNER_ASKED,
    AgentCertificateAsked,
    AuthorityAsked,
    DeviceCertificateAsked,
    RenewalAsked,
    RevocationAsked,
    SignerAnswered,
    SignerAsked,
)
from messaging.topics import PRINCIPAL
from runtime.config import ConfiguredPath, Section

_log = logging.getLogger(__name__)

_MOST_DEVICES = 500
_MOST_OF_A_NAME = 8
_QUIET_S = 10.0


class SignerSettings(Section):
    """The section ``[signer]``.

    Attributes:
        store: Whose devices it certifies.
        certificates: The authority's directory (``comptoir certs``).
        socket: Where the station asks; for its group alone.
        paired_file: Which devices were paired to which lane, and which were revoked.
    """

    store: str = Field(pattern=r"^s\d{4}$")
    certificates: ConfiguredPath = Path("/etc/comptoir/certificates")
    socket: ConfiguredPath = Path("/run/comptoir-signer/signer.sock")
    paired_file: ConfiguredPath = Path("/var/lib/comptoir-signer/paired.json")


class Signer:
    """Answers one question after the other. Any thread."""

    def __init__(self, settings: SignerSettings, authority: Authority) -> None:
        self._settings = settings
        self._authority = authority
        self._paired = PairedDevices(settings.paired_file)
        self._lock = threading.Lock()

    def answer(self, line: bytes) -> SignerAnswered:
        """What came of a question; never raises for what it may hold."""
        try:
            asked = SIGNER_ASKED.validate_json(line)
        except ValidationError:
            return SignerAnswered(refused="malformed")
        with self._lock:
            try:
                return self._obey(asked)
            except CertificateError as error:
                _log.warning("refused to sign", extra={"why": error.message})
                return SignerAnswered(refused="not_possible")

    def _obey(self, asked: SignerAsked) -> SignerAnswered:
        match asked:
            case AuthorityAsked():
                return SignerAnswered(ca_pem=self._authority.certificate_pem())
            case RevocationAsked():
                if not asked.device.startswith(f"{self._settings.store}."):
                    return SignerAnswered(refused="another_store")
                # First who is shut out, then the list: the broker acts on the first at once.
                self._paired.revoke(asked.device)
                issued = {one.name for one in self._authority.issued()}
                for name in issued & {asked.device, f"{asked.device}-fleet"}:
                    self._authority.revoke(name)
                return SignerAnswered(device=asked.device)
            case DeviceCertificateAsked():
                return self._certify(asked)
            case RenewalAsked():
                return self._renew(asked)
            case AgentCertificateAsked():
                return self._certify_agent(asked)

    def _certify(self, asked: DeviceCertificateAsked) -> SignerAnswered:
        key = _requested_key(asked.csr_pem)
        if key is None:
            return SignerAnswered(refused="bad_request")
        name = self._free_name()
        if name is None:
            return SignerAnswered(refused="too_many_devices")
        station = f"{self._settings.store}.station"
        certificate = self._authority.certify_device(name, key)
        self._paired.add(name, asked.lane)
        return SignerAnswered(
            ca_pem=self._authority.certificate_pem(),
            device=name,
            certificate_pem=certificate,
            seal_public_key=self._authority.station_public_key(station, "seal"),
            card_keys=(self._authority.station_public_key(station, "cards"),),
        )

    def _renew(self, asked: RenewalAsked) -> SignerAnswered:
        """The same name again, for who holds the key of a certificate of it that is good."""
        held, key = signed_by_holder(asked), _requested_key(asked.csr_pem)
        if held is None or key is None:
            return SignerAnswered(refused="malformed")
        name, refused = self._holder(held)
        if refused is None and self._authority.now() < too_early_until(held):
            refused = "too_early"
        return self._again(name, key, refused)

    def _certify_agent(self, asked: AgentCertificateAsked) -> SignerAnswered:
        """A certificate for the update agent of a device, for who holds the device's key."""
        held, key = signed_by_holder(asked), _requested_key(asked.csr_pem)
        if held is None or key is None:
            return SignerAnswered(refused="malformed")
        name, refused = self._holder(held)
        if refused is None and (name.endswith("-fleet") or key == held.public_key()):
            refused = "not_possible"
        return self._again(f"{name}-fleet", key, refused)

    def _holder(self, held: x509.Certificate) -> tuple[str, str | None]:
        """Whose certificate it is, and why it proves nothing; None where it does."""
        issued = [one for one in self._authority.issued() if one.serial == held.serial_number]
        if not issued or not self._authority.made(held):
            return "", "unknown"
        name = issued[0].name
        if not PRINCIPAL.fullmatch(name) or not name.startswith(f"{self._settings.store}."):
            return name, "unknown"
        shut_out = {serial for serial, _ in self._authority.revoked()}
        if held.serial_number in shut_out or name.removesuffix("-fleet") in self._paired.revoked():
            return name, "revoked"
        return name, "expired" if self._authority.now() >= held.not_valid_after_utc else None

    def _again(self, name: str, key: ec.EllipticCurvePublicKey, refused: str | None) -> SignerAnswered:
        """Whose answer got lost asks again; who asks without end gets no more."""
        now = self._authority.now()
        alive = sum(one.name == name and one.not_after > now for one in self._authority.issued())
        if refused is None and alive >= _MOST_OF_A_NAME:
            refused = "too_many"
        if refused is not None:
            return SignerAnswered(refused=refused)
        _log.info("certificate given", extra={"device": name})
        return SignerAnswered(certificate_pem=self._authority.certify_device(name, key))

    def _free_name(self) -> str | None:
        """The next name that no certificate ever bore: a revoked one is shut out for good."""
        used = {one.name for one in self._authority.issued()}
        used |= {*self._paired.lanes(), *self._paired.revoked()}
        names = (f"{self._settings.store}.k{number:02d}" for number in range(1, _MOST_DEVICES + 1))
        return next((name for name in names if name not in used), None)


def _requested_key(csr_pem: str) -> ec.EllipticCurvePublicKey | None:
    """The key of a request that is signed by it; names and extensions in it are not looked at."""
    try:
        request = x509.load_pem_x509_csr(csr_pem.encode())
        key = request.public_key()
        if not request.is_signature_valid:
            return None
    except (ValueError, InvalidSignature):
        return None
    is_ours = isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)
    return key if is_ours and isinstance(key, ec.EllipticCurvePublicKey) else None


class _Handler(socketserver.StreamRequestHandler):
    timeout = _QUIET_S

    def handle(self) -> None:
        signer: Signer = self.server.signer  # type: ignore[attr-defined]
        line = self.rfile.readline(MAX_LINE_BYTES + 1)
        if 0 < len(line) <= MAX_LINE_BYTES:
            answered = signer.answer(line)
            self.wfile.write(json.dumps(answered.model_dump(mode="json")).encode() + b"\n")


class SignerServer(socketserver.ThreadingUnixStreamServer):
    """Listens at a socket of mode 0660."""

    daemon_threads = True

    def __init__(self, path: Path, signer: Signer) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        before = os.umask(0o117)
        try:
            super().__init__(str(path), _Handler)
        finally:
            os.umask(before)
        self.signer = signer
