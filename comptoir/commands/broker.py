"""``comptoir broker render``: writes the files that Mosquitto reads, from the section ``[broker]``."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from comptoir.broker import BrokerSettings, render_acl, render_conf
from comptoir.errors import BrokerFilesError
from runtime.config import DEFAULT_PATH, load_section

if TYPE_CHECKING:
    from comptoir.commands import Commands

_DEFAULT = Path("/etc/comptoir/broker")


def register(commands: "Commands") -> None:
    broker = commands.add_parser("broker", help="the files of the store's message broker")
    actions = broker.add_subparsers(dest="action", required=True, metavar="action")
    render = actions.add_parser("render", help="write mosquitto.conf and acl from the configuration")
    render.add_argument(
        "--config", type=Path, default=DEFAULT_PATH, metavar="FILE", help=f"default {DEFAULT_PATH}"
    )
    render.add_argument("--into", type=Path, default=_DEFAULT, metavar="DIR", help=f"default {_DEFAULT}")
    render.set_defaults(run=_render)


def _render(options: argparse.Namespace) -> int:
    settings = load_section(options.config, "broker", BrokerSettings)
    folder: Path = options.into
    texts = {
        "acl": render_acl(settings.stations, settings.pos, settings.revoked),
        "mosquitto.conf": render_conf(
            settings.listeners, settings.certificates, folder / "acl", settings.data_directory
        ),
    }
    for name, text in texts.items():
        print(f"{folder / name}: {'written' if _replace(folder / name, text) else 'as it was'}")
    return 0


def _replace(path: Path, text: str) -> bool:
    """Write the file in one step if its text differs."""
    try:
        if path.exists() and path.read_text(encoding="utf-8") == text:
            return False
        fresh = path.with_name(f".{path.name}.new")
        fresh.write_text(text, encoding="utf-8")
        fresh.chmod(0o644)
        fresh.replace(path)
    except OSError as error:
        raise BrokerFilesError(f"cannot write {path}: {error.strerror}") from error
    return True
