"""``comptoir fill-demo``: fills a database with the demo's shop and a crowd of made-up customers."""

import argparse
import json
import sys
import time
from datetime import UTC, date, datetime
from datetime import time as day_time
from pathlib import Path
from typing import TYPE_CHECKING

from runtime.config import DEFAULT_PATH, load_section

if TYPE_CHECKING:
    from comptoir.commands import Commands

_MAX_CUSTOMERS = 10_000_000


def register(commands: "Commands") -> None:
    fill = commands.add_parser("fill-demo", help="fill the demo's shop with made-up customers and sales")
    fill.add_argument("--customers", type=_count, default=10_000, metavar="N", help="how many (10000)")
    fill.add_argument("--seed", type=int, default=1, metavar="N", help="the same seed, the same people (1)")
    fill.add_argument("--until", type=_day, metavar="YYYY-MM-DD", help="where their story ends (today)")
    fill.add_argument("--config", type=Path, default=DEFAULT_PATH, metavar="FILE")
    fill.add_argument("--database", metavar="URL", help="instead of the one in the configuration")
    fill.set_defaults(run=_fill)


def _fill(options: argparse.Namespace) -> int:
    from checkout.configuration import CheckoutSettings
    from comptoir.demo.patterns_context import patterns_context
    from loyalty.adapters.sql.demo_fill.fill import fill_directory

    url = options.database or load_section(options.config, "checkout", CheckoutSettings).database_url
    day = options.until or datetime.now(UTC).date()
    until = datetime.combine(day, day_time(0), tzinfo=UTC)
    start = time.monotonic()

    def tell(done: int) -> None:
        print(f"{done} of {options.customers} customers", file=sys.stderr, flush=True)

    filled = fill_directory(
        url, patterns_context(), options.customers, seed=options.seed, until=until, tell=tell
    )
    took_s = round(time.monotonic() - start, 1)
    report = {"customers": filled.customers, "sales": filled.sales, "rows": filled.rows, "took_s": took_s}
    print(json.dumps(report))
    return 0


def _count(text: str) -> int:
    if text.isascii() and text.isdecimal() and 1 <= int(text) <= _MAX_CUSTOMERS:
        return int(text)
    raise argparse.ArgumentTypeError(f"a number from 1 to {_MAX_CUSTOMERS}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("a day is written as 2026-03-02") from error
