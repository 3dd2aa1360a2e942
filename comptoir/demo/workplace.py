"""The demo's directory: certificates made on the spot, the broker's files, one configuration, a token."""

import socket
from dataclasses import dataclass
from pathlib import Path

from comptoir.certs import Authority
from comptoir.demo.private_place import STATION, PrivatePlace

DEVICE = "s0001.k01"


@dataclass(frozen=True)
class Workplace(PrivatePlace):
    """Paths and ports of one demo."""

    size: str
    video: str

    @property
    def configuration(self) -> Path:
        return self.root / "comptoir.toml"

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.root / 'station' / 'comptoir.db'}"

    @property
    def simulation_socket(self) -> Path:
        return self.root / "run" / "simulation.sock"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    def prepare(self) -> None:
        """Make what is missing; data and keys of an earlier run stay, certificates and token are new."""
        self.make_folders("device")
        authority = Authority(self.root / "certificates")
        if not (authority.directory / "ca.key").exists():
            authority.create("Comptoir demo")
        authority.issue_broker(["127.0.0.1", "localhost"], force=True)
        authority.issue_station(STATION, force=True)
        authority.issue_device(DEVICE, force=True)
        self.write_broker(authority.directory / "broker", [DEVICE])
        self.make_token()
        self.write("comptoir.toml", self._toml(authority.directory))

    def _toml(self, certificates: Path) -> str:
        station, device = certificates / STATION, certificates / DEVICE
        return f"""\
# Written by `comptoir demo` at every start.
[checkout]
store = "s0001"
database_url = "{self.database_url}"
host = "127.0.0.1"
port = {self.page_port}
port_file = "{self.port_file}"
public_url = "http://127.0.0.1:{self.page_port}"
seal_key_file = "{station}/seal.key"
card_signing_key_file = "{station}/cards.key"
messages_folder = "{self.root}/station"

[checkout.broker]
host = "127.0.0.1"
port = {self.broker_port}
ca_file = "{station}/ca.pem"
certificate_file = "{station}/certificate.pem"
key_file = "{station}/key.pem"

[checkout.demo]
token_file = "{self.root}/token"
simulation_socket = "{self.simulation_socket}"

[device]
name = "{DEVICE}"
outbox = "{self.root}/device/outbox.db"
kiosk_socket = "{self.root}/run/kiosk.sock"
seal_public_key_file = "{device}/seal.pub"
card_verification_keys_file = "{device}/cards.pub"

[device.broker]
host = "127.0.0.1"
port = {self.broker_port}
ca_file = "{device}/ca.pem"
certificate_file = "{device}/certificate.pem"
key_file = "{device}/key.pem"

[device.mirror]
accepted = true

[device.simulation]
socket = "{self.simulation_socket}"

[[device.scanners]]
name = "usb"
kind = "simulated"
layout = "us"

[device.camera]
kind = "simulated"

[kiosk]
socket = "{self.root}/run/kiosk.sock"
size = "{self.size}"
video = "{self.video}"
mirror = true
"""


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
