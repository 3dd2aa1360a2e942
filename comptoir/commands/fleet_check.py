"""``comptoir fleet check``: the checks of a trial, by hand or after the machine's own updates."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from comptoir.errors import CommandError
from runtime.config import DEFAULT_PATH, load_section

if TYPE_CHECKING:
    from comptoir.commands import Commands


def register(actions: "Commands") -> None:
    check = actions.add_parser("check", help="whether this device is well: a real scan, a sale of nothing")
    check.add_argument("--config", type=Path, default=DEFAULT_PATH, metavar="FILE")
    check.add_argument("--is-quiet", action="store_true", help="only ask whether nobody is served")
    check.set_defaults(run=_check)


def _check(options: argparse.Namespace) -> int:
    from fleet.agent.configuration import AgentSettings
    from fleet.agent.counter_socket import CounterSocket
    from fleet.agent.trial import check_all
    from fleet.documents.release import ALL_CHECKS

    settings = load_section(options.config, "fleet", AgentSettings)
    if settings.device_socket is None:
        raise CommandError("this machine has no device process: [fleet] names no device_socket")
    counter = CounterSocket(settings.device_socket)
    if options.is_quiet:
        return 0 if counter.is_quiet() else 1
    results = check_all(counter, ALL_CHECKS, None)
    for each in results:
        line = {"check": each.name, "state": each.state, "detail": each.detail, "release": each.release}
        print(json.dumps(line))
    return 1 if any(each.state == "failed" for each in results) else 0
