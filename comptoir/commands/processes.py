"""``comptoir device run``, ``comptoir kiosk`` and ``comptoir checkout``: the long-running processes."""

import argparse
import os
import resource
from pathlib import Path
from typing import TYPE_CHECKING

from runtime.clock import SystemClock
from runtime.config import DEFAULT_PATH, has_section, load_section

if TYPE_CHECKING:
    from comptoir.commands import Commands


def register(commands: "Commands") -> None:
    device = commands.add_parser("device", help="scanners, camera, outbox and link to the station")
    actions = device.add_subparsers(dest="action", required=True, metavar="action")
    _process(actions.add_parser("run", help="run the device process"), _run_device)
    _process(commands.add_parser("kiosk", help="run the customer's screen"), _run_kiosk)
    _process(commands.add_parser("checkout", help="run the checkout station"), _run_checkout)


def _process(parser: argparse.ArgumentParser, run: object) -> None:
    parser.add_argument(
        "--config", type=Path, default=DEFAULT_PATH, metavar="FILE", help=f"default {DEFAULT_PATH}"
    )
    parser.set_defaults(run=run)


def _run_device(options: argparse.Namespace) -> int:
    from device import bootstrap
    from device.configuration import DeviceSettings

    _keep_files_private()
    given = {}
    if has_section(options.config, "pairing"):
        from device.pairing import first_start
        from device.pairing.identity import Identity
        from device.pairing.settings import PairingSettings

        pairing = load_section(options.config, "pairing", PairingSettings)
        identity = Identity(pairing.folder)
        if not identity.has_joined or identity.has_ended(SystemClock().now()):
            return first_start.run(pairing)
        given = identity.configuration()
    return bootstrap.run(load_section(options.config, "device", DeviceSettings, given=given))


def _run_kiosk(options: argparse.Namespace) -> int:
    from kiosk import bootstrap
    from kiosk.configuration import KioskConfiguration

    settings = load_section(options.config, "kiosk", KioskConfiguration)
    _keep_files_private()
    return bootstrap.run(settings)


def _run_checkout(options: argparse.Namespace) -> int:
    from checkout import bootstrap
    from checkout.configuration import CheckoutSettings
    from comptoir.picture_reader import read_codes

    settings = load_section(options.config, "checkout", CheckoutSettings)
    _keep_files_private()
    return bootstrap.run(settings, read_codes=read_codes)


def _keep_files_private() -> None:
    """Databases, outbox and messages are for this account alone, also where no unit says so (``UMask=``).

    A crash leaves no picture of the memory: what a customer typed would be in it (row 170).
    """
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
