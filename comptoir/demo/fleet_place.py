"""The fleet demo: two devices with their update disks, a station with a rollout desk, a repository."""

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from comptoir.certs import Authority
from comptoir.demo.private_place import STATION, PrivatePlace
from comptoir.demo.supervisor import DemoError

DEVICES = ("s0001.k01", "s0001.k02")
LAUNCHER = Path(__file__).resolve().parents[2] / "systemd" / "launcher" / "comptoir-launcher"

_AGAIN = """\
#!/bin/sh
# Starts a process again whenever it ends, as the machine's service manager does.
trap 'kill "$child" 2>/dev/null; wait "$child"; exit 0' TERM INT
while :; do
  sh "$@" &
  child=$!
  echo "$child" >"$PID_FILE"
  wait "$child"
  sleep 0.2
done
"""


@dataclass(frozen=True)
class FleetPlace(PrivatePlace):
    """Paths and ports of the fleet demo."""

    web_port: int

    @property
    def repository(self) -> Path:
        return self.root / "repository"

    @property
    def online_keys(self) -> Path:
        return self.root / "keys" / "online"

    @property
    def station_configuration(self) -> Path:
        return self.root / "station.toml"

    def configuration(self, device: str) -> Path:
        return self.root / device / "comptoir.toml"

    def disk(self, device: str) -> Path:
        """The device's update disk."""
        return self.root / device / "fleet"

    def prepare(self) -> None:
        """Certificates, the broker's files, configurations, the loop that starts things again."""
        self.make_folders(*DEVICES)
        authority = Authority(self.root / "certificates")
        authority.create("Comptoir demo")
        authority.issue_broker(["127.0.0.1", "localhost"])
        authority.issue_station(STATION)
        for device in DEVICES:
            authority.issue_device(device)
            authority.issue_device(f"{device}-fleet")
        self.write_broker(authority.directory / "broker", DEVICES)
        self.make_token()
        self.write("again", _AGAIN)
        self.write("station.toml", self._station(authority.directory / STATION))
        for device in DEVICES:
            self.write(f"{device}/comptoir.toml", self._device(device, authority.directory))

    def run_again(self, device: str, what: str) -> tuple[list[str], dict[str, str]]:
        """Command and environment of a process that the launcher starts, for as long as the demo runs."""
        command = ["sh", str(self.root / "again"), str(LAUNCHER), str(self.disk(device)), what, "--config"]
        pid_file = str(self.root / "run" / f"{device}-{what}.pid")
        environment = {**os.environ, "PID_FILE": pid_file, "PYTHONUNBUFFERED": "1", "PYTHONPATH": ""}
        return [*command, str(self.configuration(device))], environment

    def _broker(self, section: str, folder: Path) -> str:
        return (
            f'\n[{section}.broker]\nhost = "127.0.0.1"\nport = {self.broker_port}\n'
            f'ca_file = "{folder}/ca.pem"\n'
            f'certificate_file = "{folder}/certificate.pem"\nkey_file = "{folder}/key.pem"\n'
        )

    def _station(self, folder: Path) -> str:
        return f"""\
[checkout]
store = "s0001"
database_url = "sqlite:///{self.root}/station/comptoir.db"
host = "127.0.0.1"
port = {self.page_port}
port_file = "{self.port_file}"
public_url = "http://127.0.0.1:{self.page_port}"
seal_key_file = "{folder}/seal.key"
card_signing_key_file = "{folder}/cards.key"
messages_folder = "{self.root}/station"

[checkout.fleet]
repository = "{self.repository}"
keys = "{self.online_keys}"
turn_s = 1.0

[checkout.demo]
token_file = "{self.root}/token"
simulation_socket = "{self.root}/run/simulation.sock"
{self._broker("checkout", folder)}"""

    def _device(self, device: str, certificates: Path) -> str:
        uv = shutil.which("uv", path=f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}")
        if uv is None:
            raise DemoError("uv is not installed; make setup-run installs it")
        own, socket = certificates / device, self.root / "run" / f"{device}.sock"
        logs = self.root / "logs"
        pid_file = self.root / "run" / f"{device}-device.pid"
        return f"""\
[device]
name = "{device}"
outbox = "{self.root}/{device}/outbox.db"
agent_socket = "{socket}"
seal_public_key_file = "{own}/seal.pub"
card_verification_keys_file = "{own}/cards.pub"
{self._broker("device", own)}
[[device.scanners]]
name = "usb"
kind = "simulated"

[fleet]
name = "{device}"
server = "http://127.0.0.1:{self.web_port}"
first_root = "{self.root}/root.json"
root = "{self.disk(device)}"
device_socket = "{socket}"
uv = "{uv}"
interpreter = "{Path(sys.executable).resolve()}"
compile_bytecode = false
turn_s = 0.5
restart_command = ["sh", "-c", "kill $(cat {pid_file}) || true"]
logs_command = ["tail", "-n", "25", "{logs}/{device}-device.log"]
{self._broker("fleet", certificates / f"{device}-fleet")}"""
