"""Station and broker get their next certificate in time, on the machine that has the authority.

What was begun and cut off by a crash is found and finished at the next call: a certificate whose key is not
the one beside it is made anew, and a folder that differs from the authority's is copied again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import NameOID

from comptoir.certs import STATION, Authority
from comptoir.errors import CertificateError
from runtime.whole_file import replace_if_other

RENEW_BEFORE = timedelta(days=30)
"""Of ninety days: sixty are over, and a month is left to find out why it did not work."""

_COPIED = ("ca.pem", "certificate.pem", "key.pem")


@dataclass(frozen=True)
class Renewed:
    """How one of them is now. ``is_new``: who uses it has to take it up."""

    name: str
    ends_at: datetime
    is_new: bool


def renew_own(authority: Authority, station_folder: Path) -> Iterator[Renewed]:
    """Renew what is due of the broker's and the stations' certificates that were made here.

    Args:
        authority: With its key.
        station_folder: What this machine's station uses; brought up to date where it is of this authority.

    Raises:
        CertificateError: There is no authority, its key is elsewhere, or a file cannot be read or written.
    """
    try:
        for folder in sorted(authority.directory.iterdir()):
            if folder.name == "broker" and (folder / "certificate.pem").exists():
                yield _renewed(authority, folder, partial(_issue_broker, authority, folder))
            elif STATION.fullmatch(folder.name):
                name = folder.name
                done = _renewed(authority, folder, partial(authority.issue_station, name, force=True))
                is_copied = _is_of(station_folder, name) and _copy(folder, station_folder)
                yield Renewed(name, done.ends_at, done.is_new or is_copied)
    except OSError as error:
        raise CertificateError(f"cannot renew below {authority.directory}: {error}") from error


def _renewed(authority: Authority, folder: Path, issue: Callable[[], object]) -> Renewed:
    found = _held(folder)
    is_due = found is None or authority.now() >= found.not_valid_after_utc - RENEW_BEFORE
    if is_due:
        issue()
        found = _held(folder)
    if found is None:
        raise CertificateError(f"{folder} holds no certificate and key that belong together")
    return Renewed(folder.name, found.not_valid_after_utc, is_due)


def _held(folder: Path) -> x509.Certificate | None:
    """The certificate, where the key beside it is its own."""
    try:
        certificate = x509.load_pem_x509_certificate((folder / "certificate.pem").read_bytes())
        key = serialization.load_pem_private_key((folder / "key.pem").read_bytes(), password=None)
    except (OSError, ValueError):
        return None
    return certificate if key.public_key() == certificate.public_key() else None


def _issue_broker(authority: Authority, folder: Path) -> Path:
    """For the same addresses as before."""
    try:
        certificate = x509.load_pem_x509_certificate((folder / "certificate.pem").read_bytes())
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, x509.ExtensionNotFound) as error:
        raise CertificateError("the broker's addresses are not known; comptoir certs broker") from error
    hosts = names.get_values_for_type(x509.DNSName)
    addresses = (str(each) for each in names.get_values_for_type(x509.IPAddress))
    return authority.issue_broker([*hosts, *addresses], force=True)


def _is_of(folder: Path, name: str) -> bool:
    try:
        certificate = x509.load_pem_x509_certificate((folder / "certificate.pem").read_bytes())
    except (OSError, ValueError):
        return False
    return [each.value for each in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)] == [name]


def _copy(source: Path, target: Path) -> bool:
    """Whether anything had to be copied; the station's other keys stay."""
    copied = [replace_if_other(target / name, (source / name).read_bytes()) for name in _COPIED]
    return any(copied)
