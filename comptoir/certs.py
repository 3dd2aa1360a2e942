"""The shop's own certificates and keys, in one directory (``comptoir certs``).

::

    ca.pem  ca.key  crl.pem  issued        the authority; only here, not on any other machine
    broker/         ca.pem  certificate.pem  key.pem  crl.pem
    s0001.station/  ca.pem  certificate.pem  key.pem  seal.key  seal.pub  cards.key  cards.pub
    s0001.k01/      ca.pem  certificate.pem  key.pem  seal.pub  cards.pub

A folder holds what its machine needs and nothing else: a device gets verification keys only (row 210).
Every file is 0600, every folder 0700. Nothing is replaced unless asked.
"""

import base64
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, x25519
from cryptography.x509.oid import NameOID

from comptoir import certificate_forms as forms
from comptoir.certificate_files import key_pem, pem
from comptoir.errors import CertificateError
from messaging.topics import PRINCIPAL, REGISTER
from runtime.clock import Clock, SystemClock
from runtime.folder_lock import folder_held
from runtime.whole_file import replace_file

STATION = re.compile(r"s\d{4}\.station\d{0,2}")
POS = REGISTER
"""Other tills: registers of another make."""
_STATION_KEYS = ("seal", "cards")


@dataclass(frozen=True)
class Issued:
    """One certificate that was made here."""

    name: str
    serial: int
    not_after: datetime


class Authority:
    """The directory of one certificate authority. Not thread-safe.

    Args:
        directory: Where its files are; see the module's docstring.
        clock: Gives the times in the certificates.
    """

    def __init__(self, directory: Path, clock: Clock | None = None) -> None:
        self.directory = directory
        self._clock = clock or SystemClock()

    def create(self, label: str, *, force: bool = False) -> None:
        """Make the authority's key, certificate and empty revocation list.

        Raises:
            CertificateError: There is one already and ``force`` is false, or the label is unusable.
        """
        self._refuse_existing(self.directory / "ca.key", force=force)
        if not 1 <= len(label) <= 64:
            raise CertificateError("the authority's label must have 1 to 64 characters")
        key = forms.new_key()
        certificate = forms.authority_certificate(key, label, self._clock.now())
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(self.directory / "ca.key", key_pem(key))
        replace_file(self.directory / "ca.pem", pem(certificate))
        replace_file(self.directory / "issued", b"")
        self._write_revocations([])

    @property
    def label(self) -> str:
        """The shop's name in the authority's certificate; empty where there is no authority."""
        try:
            certificate = x509.load_pem_x509_certificate((self.directory / "ca.pem").read_bytes())
        except (OSError, ValueError):
            return ""
        names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return str(names[0].value) if names else ""

    def issue_broker(self, addresses: Sequence[str], *, force: bool = False) -> Path:
        """Make the broker's folder; its certificate is good for these host names and IP addresses.

        Raises:
            CertificateError: There is one already, no authority, or an address is unusable.
        """
        folder = self.directory / "broker"
        self._refuse_existing(folder / "key.pem", force=force)
        authority, authority_key = self._authority()
        key = forms.new_key()
        try:
            leaf = forms.server_certificate(key, addresses, authority, authority_key, self._clock.now())
        except ValueError as error:
            raise CertificateError(
                f"cannot certify the broker for {', '.join(addresses)!r}: {error}"
            ) from error
        self._write_leaf(folder, "broker", leaf, key)
        replace_file(folder / "crl.pem", (self.directory / "crl.pem").read_bytes())
        return folder

    def issue_station(self, name: str, *, force: bool = False, keys_from: Path | None = None) -> Path:
        """Make a station's folder: certificate, the key that opens sealed bodies, the key that signs cards.

        Renewing the certificate (``force``) keeps the other two keys: cards in people's pockets stay good.

        Args:
            name: As in ``s0001.station``.
            force: Replace the certificate that is there.
            keys_from: Folder with the two keys that came back with a back-up; None makes new ones.

        Raises:
            CertificateError: The name is no station's, there is one already, a key cannot be read, or no
                authority.
        """
        _require(STATION, name, "a station", "s0001.station")
        brought = _brought_keys(keys_from) if keys_from is not None else {}
        folder = self._issue_client(name, force=force)
        for file_name, content in brought.items():
            replace_file(folder / file_name, content)
        if not (folder / "seal.key").exists():
            seal = x25519.X25519PrivateKey.generate()
            _write_raw(folder / "seal.key", seal.private_bytes_raw())
            _write_raw(folder / "seal.pub", seal.public_key().public_bytes_raw())
        if not (folder / "cards.key").exists():
            cards = ed25519.Ed25519PrivateKey.generate()
            _write_raw(folder / "cards.key", cards.private_bytes_raw())
            _write_raw(folder / "cards.pub", cards.public_key().public_bytes_raw())
        return folder

    def issue_device(self, name: str, station: str | None = None, *, force: bool = False) -> Path:
        """Make the folder of a device or, for a name that ends in ``-fleet``, of its update agent.

        Args:
            name: As in ``s0001.k01``.
            station: Whose keys the device seals to and checks cards with; by default its store's.
            force: Replace what is there.

        Raises:
            CertificateError: The name is no device's, its station is not there yet, there is one already,
                or no authority.
        """
        _require(PRINCIPAL, name, "a device", "s0001.k01 or s0001.k01-fleet")
        keys: dict[str, bytes] = {}
        if not name.endswith("-fleet"):
            station = station or f"{name.partition('.')[0]}.station"
            _require(STATION, station, "a station", "s0001.station")
            keys = {f"{key}.pub": self._station_key(station, key) for key in _STATION_KEYS}
        folder = self._issue_client(name, force=force)
        for file_name, content in keys.items():
            replace_file(folder / file_name, content)
        return folder

    def certify_device(self, name: str, public_key: ec.EllipticCurvePublicKey) -> str:
        """A certificate for a key that was made elsewhere, and is kept there; PEM.

        Raises:
            CertificateError: The name is no device's, or no authority.
        """
        _require(PRINCIPAL, name, "a device", "s0001.k01")
        authority, authority_key = self._authority()
        leaf = forms.client_certificate_for(public_key, name, authority, authority_key, self._clock.now())
        self._record(name, leaf)
        return pem(leaf).decode()

    def now(self) -> datetime:
        """The time that goes into certificates."""
        return self._clock.now()

    def made(self, certificate: x509.Certificate) -> bool:
        """Whether this authority's key signed it.

        Raises:
            CertificateError: There is no authority.
        """
        authority, _key = self._authority()
        try:
            certificate.verify_directly_issued_by(authority)
        except (ValueError, TypeError, InvalidSignature):
            return False
        return True

    def certificate_pem(self) -> str:
        """The authority's own certificate.

        Raises:
            CertificateError: There is none.
        """
        return self._read("ca.pem").decode()

    def station_public_key(self, station: str, key: str) -> str:
        """Base64 of a station's public key: ``seal`` or ``cards``.

        Raises:
            CertificateError: That station has none yet.
        """
        return self._station_key(station, key).decode().strip()

    def issue_pos(self, name: str, *, force: bool = False) -> Path:
        """Make the folder of another till that may listen to lanes (row 195).

        Raises:
            CertificateError: The name is no POS's, there is one already, or no authority.
        """
        _require(POS, name, "a POS", "s0001.pos-front")
        return self._issue_client(name, force=force)

    def revoke(self, name: str) -> int:
        """Put all unexpired certificates of a name on the revocation list, also the broker's copy.

        The list stops new connections once the broker has read it; a live session is stopped by the ACL
        (``comptoir.broker``).

        Returns:
            How many certificates were newly revoked.

        Raises:
            CertificateError: No certificate of that name was made here.
        """
        of_name = [issued for issued in self.issued() if issued.name == name]
        if not of_name:
            raise CertificateError(f"no certificate was made here for {name!r}")
        now = self._clock.now()
        revoked = self.revoked()
        fresh = [one.serial for one in of_name if one.serial not in dict(revoked) and one.not_after > now]
        self._write_revocations([*revoked, *((serial, now) for serial in fresh)])
        return len(fresh)

    def issued(self) -> Iterator[Issued]:
        """Every certificate made here, oldest first."""
        for line in self._read("issued").decode().splitlines():
            serial, not_after, name = line.split(" ")
            yield Issued(name, int(serial, 16), datetime.fromisoformat(not_after))

    def revoked(self) -> list[forms.Revoked]:
        listed = x509.load_pem_x509_crl(self._read("crl.pem"))
        return [(entry.serial_number, entry.revocation_date_utc) for entry in listed]

    def _issue_client(self, name: str, *, force: bool) -> Path:
        folder = self.directory / name
        self._refuse_existing(folder / "key.pem", force=force)
        authority, authority_key = self._authority()
        key = forms.new_key()
        leaf = forms.client_certificate(key, name, authority, authority_key, self._clock.now())
        self._write_leaf(folder, name, leaf, key)
        return folder

    def _write_leaf(
        self, folder: Path, name: str, leaf: x509.Certificate, key: ec.EllipticCurvePrivateKey
    ) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        self._record(name, leaf)
        replace_file(folder / "ca.pem", self._read("ca.pem"))
        replace_file(folder / "certificate.pem", pem(leaf))
        replace_file(folder / "key.pem", key_pem(key))

    def _record(self, name: str, leaf: x509.Certificate) -> None:
        record = f"{leaf.serial_number:x} {leaf.not_valid_after_utc.isoformat()} {name}\n"
        # The signing process and a command may add at once.
        with folder_held(self.directory, waits=True):
            replace_file(self.directory / "issued", self._read("issued") + record.encode())

    def _write_revocations(self, revoked: Sequence[forms.Revoked]) -> None:
        authority, authority_key = self._authority()
        listed = forms.revocation_list(revoked, authority, authority_key, self._clock.now())
        content = listed.public_bytes(serialization.Encoding.PEM)
        replace_file(self.directory / "crl.pem", content)
        if (self.directory / "broker").is_dir():
            replace_file(self.directory / "broker" / "crl.pem", content)

    def _authority(self) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
        try:
            certificate = x509.load_pem_x509_certificate(self._read("ca.pem"))
            key = serialization.load_pem_private_key(self._read("ca.key"), password=None)
        except ValueError as error:
            raise CertificateError(f"the authority in {self.directory} is damaged: {error}") from error
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise CertificateError(f"{self.directory / 'ca.key'} is no key of this product")
        return certificate, key

    def _station_key(self, station: str, key: str) -> bytes:
        try:
            return (self.directory / station / f"{key}.pub").read_bytes()
        except OSError as error:
            raise CertificateError(f"make the certificate of {station} first: no {key}.pub there") from error

    def _read(self, name: str) -> bytes:
        try:
            return (self.directory / name).read_bytes()
        except OSError as error:
            raise CertificateError(
                f"no authority in {self.directory} ({name}: {error.strerror}); comptoir certs init makes one"
            ) from error

    def _refuse_existing(self, path: Path, *, force: bool) -> None:
        if path.exists() and not force:
            raise CertificateError(f"{path} exists; --force replaces it")


def _require(rule: re.Pattern[str], name: str, what: str, like: str) -> None:
    if not rule.fullmatch(name):
        raise CertificateError(f"{name!r} is not the name of {what}; it must look like {like}")


def _brought_keys(folder: Path) -> dict[str, bytes]:
    """Both keys with their public halves, by file name."""
    try:
        seal_raw, cards_raw = (
            base64.b64decode((folder / f"{key}.key").read_bytes(), validate=False) for key in _STATION_KEYS
        )
        seal = x25519.X25519PrivateKey.from_private_bytes(seal_raw)
        cards = ed25519.Ed25519PrivateKey.from_private_bytes(cards_raw)
    except (OSError, ValueError) as error:
        raise CertificateError(f"{folder} holds no seal.key and cards.key of a station") from error
    raw = {
        "seal.key": seal_raw,
        "seal.pub": seal.public_key().public_bytes_raw(),
        "cards.key": cards_raw,
        "cards.pub": cards.public_key().public_bytes_raw(),
    }
    return {name: base64.b64encode(content) + b"\n" for name, content in raw.items()}


def _write_raw(path: Path, key: bytes) -> None:
    replace_file(path, base64.b64encode(key) + b"\n")
