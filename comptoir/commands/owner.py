"""``comptoir owner claim``: a one-time address for the first owner, given out at the machine (row 213)."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from runtime.config import DEFAULT_PATH, load_section

if TYPE_CHECKING:
    from comptoir.commands import Commands


def register(commands: "Commands") -> None:
    owner = commands.add_parser("owner", help="the shop's owner account")
    actions = owner.add_subparsers(dest="action", required=True, metavar="action")
    claim = actions.add_parser("claim", help="print a one-time address where the first owner signs up")
    claim.add_argument("--config", type=Path, default=DEFAULT_PATH, metavar="FILE")
    claim.set_defaults(run=_claim)


def _claim(options: argparse.Namespace) -> int:
    from checkout.configuration import CheckoutSettings
    from checkout.owner_claim import issue_owner_claim
    from loyalty.domain.why import Refused

    claim = issue_owner_claim(load_section(options.config, "checkout", CheckoutSettings))
    if isinstance(claim, Refused):
        print("There is an owner already; sign in with that account.", file=sys.stderr)
        return 1
    print("Open this address once, and choose a password:")
    print(claim.address)
    return 0
