"""``comptoir broker render``: writes the files that Mosquitto reads, from the section ``[broker]``.

The certificates are copied beside them: the originals are root's alone, the copies the broker may read.
"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from comptoir.broker import BrokerSettings, render_acl, render_conf
from comptoir.errors import BrokerFilesError
from comptoir.paired import PairedDevices, with_paired
from runtime.config import DEFAULT_PATH, load_section
from runtime.whole_file import replace_if_other

if TYPE_CHECKING:
    from comptoir.commands import Commands

_DEFAULT = Path("/etc/comptoir/broker")
_CERTIFICATES = ("ca.pem", "certificate.pem", "key.pem", "crl.pem")
_ACCESS_LIST = "acl"
"""Handed over to the broker by its unit, for reading: Mosquitto wants to own it."""


def register(commands: "Commands") -> None:
    broker = commands.add_parser("broker", help="the files of the store's message broker")
    actions = broker.add_subparsers(dest="action", required=True, metavar="action")
    render = actions.add_parser("render", help="write what the broker reads, from the configuration")
    render.add_argument(
        "--config", type=Path, default=DEFAULT_PATH, metavar="FILE", help=f"default {DEFAULT_PATH}"
    )
    render.add_argument("--into", type=Path, default=_DEFAULT, metavar="DIR", help=f"default {_DEFAULT}")
    render.set_defaults(run=_render)


def _render(options: argparse.Namespace) -> int:
    settings = load_section(options.config, "broker", BrokerSettings)
    paired = PairedDevices(settings.paired_file)
    shut_out = tuple(name for name in paired.revoked() if name not in settings.revoked)
    folder: Path = options.into
    conf = render_conf(settings.listeners, folder, folder / _ACCESS_LIST, settings.data_directory)
    contents = {
        _ACCESS_LIST: render_acl(
            with_paired(settings.stations, paired), settings.pos, (*settings.revoked, *shut_out)
        ).encode(),
        "mosquitto.conf": conf.encode(),
        **_certificates(settings.certificates),
    }
    try:
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    except OSError as error:
        raise BrokerFilesError(f"cannot make {folder}: {error.strerror}") from error
    for name, content in contents.items():
        print(f"{folder / name}: {'written' if _replace(folder / name, content) else 'as it was'}")
    return 0


def _certificates(folder: Path) -> dict[str, bytes]:
    try:
        return {name: (folder / name).read_bytes() for name in _CERTIFICATES}
    except OSError as error:
        raise BrokerFilesError(
            f"no certificate of the broker in {folder} ({error.strerror}); comptoir certs broker makes one"
        ) from error


def _replace(path: Path, content: bytes) -> bool:
    """Write the file in one step if it differs; its group is the folder's, who may read it."""
    try:
        return replace_if_other(path, content, 0o440 if path.name == _ACCESS_LIST else 0o640)
    except OSError as error:
        raise BrokerFilesError(f"cannot write {path}: {error.strerror}") from error
