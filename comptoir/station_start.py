"""What a new station needs before its first start: the authority, the broker's certificate and its own."""

import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from comptoir.certs import Authority
from runtime.whole_file import replace_if_other

LOOPBACK = ("localhost", "127.0.0.1")


@dataclass(frozen=True)
class Step:
    """One thing that is there now; ``is_new`` where this call made it."""

    what: str
    is_new: bool


def broker_names(listeners: Sequence[str]) -> tuple[str, ...]:
    """The host names and addresses that the broker's certificate should bear.

    Args:
        listeners: The addresses it listens on; those that mean "every address" say nothing and are left out.
    """
    host = socket.gethostname().partition(".")[0]
    outside = [address for address in listeners if address not in (*LOOPBACK, "0.0.0.0", "::", "::1")]
    return tuple(dict.fromkeys([*outside, f"{host}.local", host, *LOOPBACK]))


def prepare_station(
    authority: Authority, label: str, *, name: str, addresses: Sequence[str], to: Path
) -> Iterator[Step]:
    """Make what is missing, one step after the other; what is there already stays as it is.

    Args:
        authority: Where the authority's files are or will be.
        label: The shop's name in the certificates.
        name: The station's, as in ``s0001.station``.
        addresses: For the broker, see :func:`broker_names`.
        to: Folder from which the service manager takes what the station's process gets.

    Raises:
        CertificateError: A name cannot stand in a certificate.
        OSError: A folder cannot be written.
    """
    directory = authority.directory
    if is_new := not (directory / "ca.key").exists():
        authority.create(label)
    yield Step(f"the authority of {authority.label}, in {directory}", is_new)
    if is_new := not (directory / "broker" / "key.pem").exists():
        authority.issue_broker(addresses)
    names = f", for {', '.join(addresses)}" if is_new else ""
    yield Step(f"the broker's certificate{names}", is_new)
    if is_new := not (directory / name / "key.pem").exists():
        authority.issue_station(name)
    yield Step(f"the certificate and keys of {name}", is_new)
    yield Step(f"what its process reads, in {to}", _copied(directory / name, to))


def _copied(source: Path, to: Path) -> bool:
    """Whether any file had to be written."""
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    copied = [replace_if_other(to / file.name, file.read_bytes()) for file in sorted(source.iterdir())]
    return any(copied)
