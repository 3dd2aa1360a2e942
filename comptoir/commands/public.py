"""``comptoir public check``: whether phones outside reach the members' pages, and nothing else."""

import argparse
import ssl
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from runtime.config import DEFAULT_PATH, load_section
from runtime.errors import ConfigurationError

if TYPE_CHECKING:
    from comptoir.commands import Commands


def register(commands: "Commands") -> None:
    public = commands.add_parser("public", help="the door for phones outside the shop")
    actions = public.add_subparsers(dest="action", required=True, metavar="action")
    check = actions.add_parser("check", help="look at the public address as a phone does")
    check.add_argument("url", nargs="?", metavar="URL", help="default: public_url of this machine")
    check.add_argument("--config", type=Path, default=DEFAULT_PATH, metavar="FILE")
    check.add_argument(
        "--ca", type=Path, metavar="FILE", help="certificates to trust instead of the system’s"
    )
    check.set_defaults(run=_check)


def _check(options: argparse.Namespace) -> int:
    from checkout.public.check import Door, Level, check_public_door

    url, door_id = _this_station(options.config, options.url)
    trusted = ssl.create_default_context(cafile=options.ca) if options.ca is not None else None
    findings = check_public_door(Door(url, door_id, trusted))
    for finding in findings:
        print(f"{finding.level.value:5}  {finding.text}")
    return 1 if any(finding.level is Level.BAD for finding in findings) else 0


def _this_station(config: Path, url: str | None) -> tuple[str, str | None]:
    """The address to look at, and the name of this machine's own door where it has one."""
    from checkout.configuration import CheckoutSettings
    from checkout.public.check import local_door_id

    if url is not None and not config.exists():
        return url, None
    settings = load_section(config, "checkout", CheckoutSettings)
    address = url or settings.public_url
    if settings.public is None:
        if url is None:
            raise ConfigurationError("this station has no public door: add the section [checkout.public]")
        return address, None
    public = settings.public
    port = public.port
    if port == 0 and public.port_file is not None and public.port_file.exists():
        port = int(public.port_file.read_text(encoding="ascii"))
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(public.host, public.host)
    name = urlsplit(settings.public_url).hostname or ""
    door_id = local_door_id(host, port, name, is_tls=public.tls_certificate_file is not None)
    if door_id is None:
        print(f"note   this machine’s own public door does not answer on {host} port {port}")
    return address, door_id
