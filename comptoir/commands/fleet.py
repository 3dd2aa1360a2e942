"""``comptoir fleet``: the update agent of a device, and the tools of releases and rollouts."""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from comptoir.commands import fleet_check, fleet_releases, fleet_rollouts
from runtime.config import DEFAULT_PATH, load_section

if TYPE_CHECKING:
    from comptoir.commands import Commands
    from fleet.agent.configuration import AgentSettings


def register(commands: "Commands") -> None:
    fleet = commands.add_parser("fleet", help="releases, rollouts and the update agent")
    actions = fleet.add_subparsers(dest="action", required=True, metavar="action")
    agent = actions.add_parser("agent", help="keep this device's release as the trusted keys say")
    agent.set_defaults(run=_agent)
    first = actions.add_parser("install-first", help="give a new machine its first release")
    first.set_defaults(run=_install_first)
    for each in (agent, first):
        each.add_argument("--config", type=Path, default=DEFAULT_PATH, metavar="FILE")
    fleet_check.register(actions)
    fleet_releases.register(actions)
    fleet_rollouts.register(actions)


def _agent(options: argparse.Namespace) -> int:
    from fleet.agent import bootstrap

    os.umask(0o022)  # other accounts run what is installed here
    return bootstrap.run(_settings(options))


def _install_first(options: argparse.Namespace) -> int:
    from fleet.agent.bootstrap import install_first

    os.umask(0o022)
    print(f"{install_first(_settings(options))} is installed and runs from the next start")
    return 0


def _settings(options: argparse.Namespace) -> "AgentSettings":
    from fleet.agent.configuration import AgentSettings

    return load_section(options.config, "fleet", AgentSettings)
