"""``comptoir station begin``: from an installed machine to a station that runs and waits for its owner."""

import argparse
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from comptoir.certs import Authority
from runtime.config import DEFAULT_PATH, load_section
from runtime.errors import ConfigurationError

if TYPE_CHECKING:
    from comptoir.commands import Commands

_CERTIFICATES = Path("/etc/comptoir/certificates")
_TO = Path("/etc/comptoir/station")
UNITS = (
    "comptoir-broker.path",
    "comptoir-broker.service",
    "mosquitto.service",
    "comptoir-signer.service",
    "comptoir-certificates.service",
    "comptoir-certificates.timer",
    "comptoir-checkout.service",
    "comptoir.target",
)
"""What a station runs, in the order in which it is enabled."""


def register(commands: "Commands") -> None:
    station = commands.add_parser("station", help="the first start of a station")
    actions = station.add_subparsers(dest="action", required=True, metavar="action")
    begin = actions.add_parser("begin", help="make certificates and keys, start the services, as root")
    begin.add_argument("label", nargs="?", default="Comptoir", help="the shop's name in the certificates")
    begin.add_argument(
        "--address", action="append", default=[], help="another name or address the station is called by"
    )
    begin.add_argument("--without-start", action="store_true", help="make the files, start nothing")
    begin.add_argument("--config", type=Path, default=DEFAULT_PATH, metavar="FILE")
    begin.add_argument("--directory", type=Path, default=_CERTIFICATES, metavar="DIR", help=argparse.SUPPRESS)
    begin.add_argument("--to", type=Path, default=_TO, metavar="DIR", help=argparse.SUPPRESS)
    begin.set_defaults(run=_begin)


def _begin(options: argparse.Namespace) -> int:
    from comptoir.broker import BrokerSettings
    from comptoir.station_start import broker_names, prepare_station

    settings = load_section(options.config, "broker", BrokerSettings)
    if not settings.stations:
        raise ConfigurationError(f"{options.config} names no station below [[broker.stations]]")
    addresses = (*options.address, *broker_names([listener.address for listener in settings.listeners]))
    steps = prepare_station(
        Authority(options.directory),
        options.label,
        name=settings.stations[0].name,
        addresses=tuple(dict.fromkeys(addresses)),
        to=options.to,
    )
    try:
        for step in steps:
            print(f"{'made' if step.is_new else 'kept'}: {step.what}")
    except PermissionError as error:
        print(f"{error.filename or options.directory} is root's: run this with sudo", file=sys.stderr)
        return 1
    print(f"\nBack up {options.directory}: without it every card has to be printed again.")
    if options.without_start:
        return 0
    return _start()


def _start() -> int:
    if not Path("/run/systemd/system").is_dir():
        print("No systemd runs here. Where it does: systemctl enable --now " + " ".join(UNITS))
        return 0
    done = subprocess.run(["systemctl", "enable", "--now", *UNITS], check=False)
    if done.returncode:
        print("Not everything started: journalctl -b -u 'comptoir-*' -u mosquitto -o cat says why.")
        return 1
    print("The station runs. Who owns the shop: comptoir owner claim")
    return 0
