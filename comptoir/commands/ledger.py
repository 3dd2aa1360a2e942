"""``comptoir ledger verify``: rebuilds every balance from the entries and compares."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from runtime.config import DEFAULT_PATH, load_section

if TYPE_CHECKING:
    from comptoir.commands import Commands


def register(commands: "Commands") -> None:
    ledger = commands.add_parser("ledger", help="check the points ledger")
    actions = ledger.add_subparsers(dest="action", required=True, metavar="action")
    verify = actions.add_parser("verify", help="rebuild every balance and lot, and compare")
    verify.add_argument("--config", type=Path, default=DEFAULT_PATH, metavar="FILE")
    verify.add_argument("--database", metavar="URL", help="instead of the one in the configuration")
    verify.set_defaults(run=_verify)


def _verify(options: argparse.Namespace) -> int:
    from checkout.configuration import CheckoutSettings
    from loyalty.adapters.sql.database import SqlDatabase
    from loyalty.services.ledger_check import verify_ledger

    url = options.database or load_section(options.config, "checkout", CheckoutSettings).database_url
    database = SqlDatabase.open(url)
    try:
        with database.reading() as uow:
            report = verify_ledger(uow)
    finally:
        database.close()
    for fault in report.faults:
        print(f"account {fault.account_id}: {fault.what} is {fault.cached}, the entries say {fault.rebuilt}")
    summary = {"accounts": report.accounts, "entries": report.entries, "faults": len(report.faults)}
    print(json.dumps(summary))
    return 1 if report.faults else 0
