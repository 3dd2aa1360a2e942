"""``comptoir owner``: the first owner's one-time address, and a new password, at the machine (row 213)."""

import argparse
import getpass
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
    password = actions.add_parser("password", help="give somebody a new password, here at the machine")
    password.add_argument("login", metavar="NAME")
    password.add_argument("--config", type=Path, default=DEFAULT_PATH, metavar="FILE")
    password.set_defaults(run=_password)


def _claim(options: argparse.Namespace) -> int:
    from checkout.configuration import CheckoutSettings
    from checkout.owner_claim import issue_owner_claim
    from loyalty.domain.why import Refused

    claim = issue_owner_claim(load_section(options.config, "checkout", CheckoutSettings))
    if isinstance(claim, Refused):
        print("There is an owner already; sign in with that account.", file=sys.stderr)
        return 1
    print("Open this address once, within the hour, and choose a password:")
    print(claim.address)
    return 0


def _password(options: argparse.Namespace) -> int:
    from checkout.configuration import CheckoutSettings
    from checkout.password_recovery import set_password
    from loyalty.domain.why import Refusal

    settings = load_section(options.config, "checkout", CheckoutSettings)
    password = getpass.getpass("New password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    refused = set_password(settings, options.login, password)
    if refused is None:
        print(f"{options.login} signs in with the new password from now on; open sessions have ended.")
        return 0
    if refused.reason is Refusal.PASSWORD_TOO_SHORT:
        print(f"The password needs at least {refused.params['min']} characters.", file=sys.stderr)
    else:
        print(f"Nobody signs in as {options.login}.", file=sys.stderr)
    return 1
