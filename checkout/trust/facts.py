"""What there is to trust, read from the files at each look: a timer renews them beside the station."""

import ipaddress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class TrustFacts:
    """The station's web certificate and its authority."""

    label: str
    """What a tablet calls the authority."""
    fingerprint: str
    """SHA-256 of the authority as people compare it: ``AB:CD:…``."""
    authority_until: datetime
    certificate_until: datetime
    names: tuple[str, ...]
    """Host names and addresses of the station."""
    authority_der: bytes

    def address(self, port: int, name: str | None = None) -> str:
        """The station's address over HTTPS under its first or another name."""
        return f"https://{_in_address(name or self.names[0])}:{port}"

    def hand_out_addresses(self, port: int) -> list[str]:
        """Where the page stands; numbers first: a browser that trusts a name asks it for HTTPS alone."""
        ordered = sorted(self.names, key=lambda name: not _is_number(name))
        return [f"http://{_in_address(name)}:{port}" for name in ordered]


@dataclass(frozen=True)
class TrustFiles:
    """Where the files are, and the ports that browsers use."""

    ca_file: Path
    certificate_file: Path
    https_port: int
    hand_out_port: int

    def read(self) -> TrustFacts | None:
        """None while a file is missing or unreadable."""
        try:
            authority = x509.load_pem_x509_certificate(self.ca_file.read_bytes())
            leaf = x509.load_pem_x509_certificate(self.certificate_file.read_bytes())
            listed = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        except (OSError, ValueError, x509.ExtensionNotFound):
            return None
        label = authority.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return TrustFacts(
            label=str(label[0].value) if label else "",
            fingerprint=authority.fingerprint(hashes.SHA256()).hex(":").upper(),
            authority_until=authority.not_valid_after_utc,
            certificate_until=leaf.not_valid_after_utc,
            names=tuple(str(each.value) for each in listed),
            authority_der=authority.public_bytes(Encoding.DER),
        )


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _in_address(name: str) -> str:
    return f"[{name}]" if ":" in name else name
