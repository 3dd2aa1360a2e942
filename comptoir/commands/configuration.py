"""``comptoir check-config``: reads the machine's configuration and prints what it comes to."""

import argparse
import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runtime.config import DEFAULT_PATH, Section, has_section, load_section
from runtime.errors import ConfigurationError

if TYPE_CHECKING:
    from comptoir.commands import Commands


def register(commands: "Commands") -> None:
    parser = commands.add_parser("check-config", help="check the configuration and print what it comes to")
    parser.add_argument("--config", type=Path, default=DEFAULT_PATH, metavar="FILE")
    parser.set_defaults(run=_check)


def sections() -> dict[str, type[Section]]:
    """Every section a machine's file may have. Secrets stand in files of their own, never in it."""
    from checkout.configuration import CheckoutSettings
    from comptoir.broker import BrokerSettings
    from comptoir.signer import SignerSettings
    from device.configuration import DeviceSettings
    from device.pairing.settings import PairingSettings
    from fleet.agent.configuration import AgentSettings
    from kiosk.configuration import KioskConfiguration

    return {
        "broker": BrokerSettings,
        "checkout": CheckoutSettings,
        "device": DeviceSettings,
        "fleet": AgentSettings,
        "kiosk": KioskConfiguration,
        "pairing": PairingSettings,
        "signer": SignerSettings,
    }


def load(path: Path, name: str) -> Section:
    """One section as its process reads it: what a device gets when it joins stands in for what is not said.

    Raises:
        ConfigurationError: As :func:`runtime.config.load_section`.
    """
    return load_section(
        path, name, sections()[name], given=given_to_device(path) if name == "device" else None
    )


def given_to_device(path: Path) -> dict[str, Any]:
    """What the section ``[device]`` need not say on a machine that joins; nothing on any other.

    Before it has joined: the files that it will get, and a name that nobody bears.
    """
    from device.pairing.identity import Identity
    from device.pairing.settings import PairingSettings

    if not has_section(path, "pairing"):
        return {}
    identity = Identity(load_section(path, "pairing", PairingSettings).folder)
    return identity.configuration() if identity.has_joined else identity.expected()


def _check(options: argparse.Namespace) -> int:
    known = sections()
    try:
        present = tomllib.loads(options.config.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"cannot read {options.config}: {error}") from error
    unknown = sorted(set(present) - set(known))
    if unknown:
        raise ConfigurationError(f"unknown section [{unknown[0]}]; known are {', '.join(sorted(known))}")
    effective = {name: load(options.config, name).model_dump(mode="json") for name in present}
    print(json.dumps(effective, indent=2, ensure_ascii=False))
    return 0
