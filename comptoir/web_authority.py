"""The station's web certificate and the authority that tablets trust for it (``comptoir certs web``).

::

    certificates/web/   root.pem  issuing.pem  issuing.key  names   only here
    /etc/comptoir/web/  ca.pem  server.pem           for the station: the root; all of the server's

One call does whatever is due: makes everything, renews the server's certificate, or nothing. A timer calls
it each day, the station reads new files by itself, and tablets notice nothing.
"""

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from comptoir import web_certificate_forms as forms
from comptoir.certificate_files import key_pem, pem
from comptoir.errors import CertificateError
from runtime.clock import Clock, SystemClock
from runtime.whole_file import replace_file

RENEW_BEFORE = timedelta(days=30)
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
_READABLE_BY_GROUP = 0o640


@dataclass(frozen=True)
class WebTrust:
    """What the station shows browsers, and what they must trust."""

    names: tuple[str, ...]
    not_after: datetime
    """Of the server's certificate."""
    fingerprint: str
    """SHA-256 of the root as people compare it: ``AB:CD:…``."""
    is_new: bool
    """Whether the server's certificate was made just now."""


class WebAuthority:
    """The folder of the web authority, and the folder that the station reads.

    Args:
        directory: Where the authority is kept; root's own.
        handed_to: Where the station reads certificate and key.
        clock: Gives the times.
    """

    def __init__(self, directory: Path, handed_to: Path, clock: Clock | None = None) -> None:
        self._directory = directory
        self._handed_to = handed_to
        self._clock = clock or SystemClock()

    def ensure(self, names: Sequence[str] = (), *, label: str = "", force: bool = False) -> WebTrust:
        """Make what is missing and renew what runs out within 30 days.

        Args:
            names: Host names and IP addresses of the station; may be left out once they are known.
            label: What tablets call the authority.
            force: Make a new authority: every tablet has to trust it anew.

        Raises:
            CertificateError: No names are known or one is unusable; or there is an authority for others.
        """
        wanted = tuple(dict.fromkeys(_checked(name) for name in names))
        known = self._known_names()
        if force or known is None:
            if not wanted:
                raise CertificateError("say under which names and addresses browsers reach the station")
            self._create(label or "Comptoir", wanted)
            return self._renew(wanted)
        if wanted and set(wanted) != set(known):
            raise CertificateError(
                f"the authority vouches for {', '.join(known)}; other names need a new one, which every "
                "tablet has to trust anew: --force makes it"
            )
        if self._is_due():
            return self._renew(known)
        return self._trust(known, is_new=False)

    def _create(self, label: str, names: tuple[str, ...]) -> None:
        root, (issuing, issuing_key) = forms.web_authority(label, names, self._clock.now())
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(self._directory / "issuing.key", key_pem(issuing_key))
        replace_file(self._directory / "issuing.pem", pem(issuing))
        replace_file(self._directory / "names", "\n".join(names).encode())
        replace_file(self._directory / "root.pem", pem(root))

    def _renew(self, names: tuple[str, ...]) -> WebTrust:
        issuing = x509.load_pem_x509_certificate(self._read("issuing.pem"))
        issuing_key = serialization.load_pem_private_key(self._read("issuing.key"), password=None)
        if not isinstance(issuing_key, ec.EllipticCurvePrivateKey):
            raise CertificateError(f"{self._directory / 'issuing.key'} is no key of this product")
        key = ec.generate_private_key(ec.SECP256R1())
        leaf = forms.web_certificate(key, names, (issuing, issuing_key), self._clock.now())
        self._handed_to.mkdir(mode=0o750, parents=True, exist_ok=True)
        replace_file(self._handed_to / "ca.pem", self._read("root.pem"), 0o644)
        # One file, so that nobody reads a new certificate with an old key.
        whole = pem(leaf) + pem(issuing) + key_pem(key)
        replace_file(self._handed_to / "server.pem", whole, _READABLE_BY_GROUP)
        return self._trust(names, is_new=True)

    def _trust(self, names: tuple[str, ...], *, is_new: bool) -> WebTrust:
        root = x509.load_pem_x509_certificate(self._read("root.pem"))
        leaf = self._leaf()
        if leaf is None:
            raise CertificateError(f"{self._handed_to / 'server.pem'} cannot be read")
        return WebTrust(names, leaf.not_valid_after_utc, fingerprint_of(root), is_new)

    def _is_due(self) -> bool:
        leaf = self._leaf()
        return leaf is None or leaf.not_valid_after_utc - RENEW_BEFORE <= self._clock.now()

    def _leaf(self) -> x509.Certificate | None:
        try:
            return x509.load_pem_x509_certificate((self._handed_to / "server.pem").read_bytes())
        except (OSError, ValueError):
            return None

    def _known_names(self) -> tuple[str, ...] | None:
        if not (self._directory / "root.pem").exists():
            return None
        return tuple(self._read("names").decode().splitlines())

    def _read(self, name: str) -> bytes:
        try:
            return (self._directory / name).read_bytes()
        except OSError as error:
            raise CertificateError(f"{self._directory / name}: {error.strerror}") from error


def fingerprint_of(certificate: x509.Certificate) -> str:
    """SHA-256 in pairs of digits, as tablets and browsers show it."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def _checked(name: str) -> str:
    lowered = name.strip().lower()
    try:
        return str(ipaddress.ip_address(lowered))
    except ValueError:
        pass
    if lowered != "localhost" and not _HOST.fullmatch(lowered):
        raise CertificateError(
            f"{name!r} is no whole host name or address, such as station.local or 192.168.1.10"
        )
    return lowered
