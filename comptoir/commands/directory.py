"""``comptoir directory``: what customers did, reckoned again from the sales and compared."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from runtime.config import DEFAULT_PATH, load_section

if TYPE_CHECKING:
    from comptoir.commands import Commands


def register(commands: "Commands") -> None:
    directory = commands.add_parser("directory", help="check what is kept of customers' activity")
    actions = directory.add_subparsers(dest="action", required=True, metavar="action")
    verify = actions.add_parser(
        "verify", help="rebuild every customer's activity from the sales, and compare"
    )
    verify.add_argument("--mend", action="store_true", help="store what the sales say where it differs")
    verify.add_argument("--config", type=Path, default=DEFAULT_PATH, metavar="FILE")
    verify.add_argument("--database", metavar="URL", help="instead of the one in the configuration")
    verify.set_defaults(run=_verify)


def _verify(options: argparse.Namespace) -> int:
    from checkout.configuration import CheckoutSettings
    from loyalty.adapters.sql.database import opened
    from loyalty.services.activity import rebuild_activity, verify_activity

    url = options.database or load_section(options.config, "checkout", CheckoutSettings).database_url
    customers = purchases = faults = 0
    last = None
    with opened(url) as database:
        while True:
            with database.unit_of_work() if options.mend else database.reading() as uow:
                report = verify_activity(uow, last)
                for fault in report.faults:
                    print(f"customer {fault.customer_id}: {fault.what} differ from the sales")
                if options.mend and report.faults:
                    for customer_id in {fault.customer_id for fault in report.faults}:
                        rebuild_activity(uow, customer_id)
                    uow.commit()
            customers += report.customers
            purchases += report.purchases
            faults += len(report.faults)
            last = report.last_id
            if last is None:
                break
    print(
        json.dumps({"customers": customers, "purchases": purchases, "faults": faults, "mended": options.mend})
    )
    return 1 if faults and not options.mend else 0
