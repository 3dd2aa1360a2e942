"""A demo's directory: what only its owner reads, the way in, and the broker's files."""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from comptoir.broker import Lane, Listener, Station, render_acl, render_conf

STATION = "s0001.station"


@dataclass(frozen=True)
class PrivatePlace:
    """Everything is below ``root`` and readable by its owner only. Ports are on loopback."""

    root: Path
    broker_port: int
    page_port: int

    @property
    def port_file(self) -> Path:
        return self.root / "run" / "page-port"

    @property
    def token(self) -> str:
        """What the address of the demo's page bears."""
        return (self.root / "token").read_text(encoding="ascii").strip()

    def make_folders(self, *names: str) -> None:
        for folder in ("station", "run", "logs", "broker", "broker/data", *names):
            (self.root / folder).mkdir(mode=0o700, parents=True, exist_ok=True)

    def make_token(self) -> None:
        self.write("token", secrets.token_urlsafe(32) + "\n")

    def write(self, name: str, text: str) -> None:
        """A file of the owner's alone, from its first moment on."""
        path = self.root / name
        path.touch(mode=0o600, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def write_broker(self, certificates: Path, devices: Sequence[str]) -> None:
        """Mosquitto's configuration and access list: one station with a lane for each device."""
        folder = self.root / "broker"
        lanes = tuple(Lane(number=at, devices=(device,)) for at, device in enumerate(devices, start=1))
        self.write("broker/acl", render_acl((Station(name=STATION, lanes=lanes),)))
        conf = render_conf(
            [Listener(address="127.0.0.1", port=self.broker_port)],
            certificates=certificates,
            acl_file=folder / "acl",
            data_directory=folder / "data",
            # Started by root, Mosquitto would change to an account that may not read this directory.
            user="root" if os.geteuid() == 0 else None,
        )
        self.write("broker/mosquitto.conf", conf)
