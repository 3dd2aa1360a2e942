"""``comptoir certs``: the shop's own authority, and a folder of certificate and keys for each machine."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from comptoir.certs import Authority
from comptoir.certs_renewal import renew_own
from comptoir.web_authority import WebAuthority
from runtime.clock import SystemClock

if TYPE_CHECKING:
    from comptoir.commands import Commands

_DEFAULT = Path("/etc/comptoir/certificates")
_WEB = Path("/etc/comptoir/web")
_STATION = Path("/etc/comptoir/station")


def register(commands: "Commands") -> None:
    certs = commands.add_parser("certs", help="certificates and keys of broker, station and devices")
    certs.add_argument("--directory", type=Path, default=_DEFAULT, metavar="DIR", help=f"default {_DEFAULT}")
    certs.add_argument("--force", action="store_true", help="replace what is there")
    certs.set_defaults(run=_run)
    actions = certs.add_subparsers(dest="action", required=True, metavar="action")
    init = actions.add_parser("init", help="make the authority")
    init.add_argument("label", nargs="?", default="Comptoir", help="the shop's name in the certificates")
    broker = actions.add_parser("broker", help="make the broker's certificate")
    broker.add_argument("addresses", nargs="+", metavar="ADDRESS", help="host names and IP addresses it has")
    for action, example in (
        ("station", "s0001.station"),
        ("device", "s0001.k01"),
        ("pos", "s0001.pos-front"),
    ):
        named = actions.add_parser(action, help=f"make one for a {action}, as in {example}")
        named.add_argument("name", metavar="NAME")
        if action == "station":
            named.add_argument(
                "--keys-from",
                type=Path,
                metavar="DIR",
                help="seal.key and cards.key that came back with a back-up",
            )
        if action == "device":
            named.add_argument("--station", metavar="NAME", help="whose keys it uses; default: its store's")
    web = actions.add_parser("web", help="make or renew what tablets in the shop trust the till pages by")
    web.add_argument("names", nargs="*", metavar="NAME", help="host names and IP addresses of the station")
    web.add_argument("--label", default="", help="what tablets call it; default: the shop's name")
    web.add_argument("--to", type=Path, default=_WEB, metavar="DIR", help=f"default {_WEB}")
    renew = actions.add_parser(
        "renew", help="renew what is due of broker and station, on the machine of both"
    )
    renew.add_argument(
        "--station-folder", type=Path, default=_STATION, metavar="DIR", help=f"default {_STATION}"
    )
    renew.add_argument("--told", type=Path, metavar="DIR", help="an empty file there for each that is new")
    revoke = actions.add_parser("revoke", help="put a name's certificates on the revocation list")
    revoke.add_argument("name", metavar="NAME")
    actions.add_parser("list", help="what was made here, and for how many days it still holds")


def _run(options: argparse.Namespace) -> int:
    authority = Authority(options.directory)
    match options.action:
        case "init":
            authority.create(options.label, force=options.force)
            print(f"the authority is in {options.directory}; keep ca.key there and nowhere else")
        case "broker":
            print(authority.issue_broker(options.addresses, force=options.force))
        case "station":
            print(authority.issue_station(options.name, force=options.force, keys_from=options.keys_from))
        case "device":
            print(authority.issue_device(options.name, options.station, force=options.force))
        case "pos":
            print(authority.issue_pos(options.name, force=options.force))
        case "renew":
            _renew(options, authority)
        case "web":
            _web(options, authority)
        case "revoke":
            print(f"{authority.revoke(options.name)} certificates of {options.name} newly revoked")
        case _:
            _list(authority)
    return 0


def _renew(options: argparse.Namespace, authority: Authority) -> None:
    for one in renew_own(authority, options.station_folder):
        print(f"{one.name}: {'new' if one.is_new else 'good'}, until {one.ends_at:%Y-%m-%d}")
        if one.is_new and options.told is not None:
            (options.told / ("broker" if one.name == "broker" else "station")).touch()


def _web(options: argparse.Namespace, authority: Authority) -> None:
    web = WebAuthority(options.directory / "web", options.to)
    label = options.label or authority.label or "Comptoir"
    trust = web.ensure(options.names, label=label, force=options.force)
    print(f"{options.to}/server.pem is {'new' if trust.is_new else 'good'}, until {trust.not_after:%Y-%m-%d}")
    print(f"it is for {', '.join(trust.names)}")
    print(f"tablets compare: SHA-256 {trust.fingerprint}")


def _list(authority: Authority) -> None:
    now = SystemClock().now()
    revoked = dict(authority.revoked())
    for one in authority.issued():
        days = (one.not_after - now).days
        state = "revoked" if one.serial in revoked else f"{days} days" if days >= 0 else "expired"
        print(f"{one.name:24} {one.serial:040x} {state}")
