"""``comptoir ledger``: rebuilds balances from the entries, and a day's entries from its sales; compares."""

import argparse
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from runtime.config import DEFAULT_PATH, load_section

_Answer = TypeVar("_Answer")

if TYPE_CHECKING:
    from comptoir.commands import Commands
    from loyalty.ports.unit_of_work import UnitOfWork


def register(commands: "Commands") -> None:
    ledger = commands.add_parser("ledger", help="check the points ledger")
    actions = ledger.add_subparsers(dest="action", required=True, metavar="action")
    verify = actions.add_parser("verify", help="rebuild every balance and lot, and compare")
    verify.set_defaults(run=_verify)
    replay = actions.add_parser("replay", help="reckon the sales of a day again, and compare")
    replay.add_argument("--day", type=_day, required=True, metavar="YYYY-MM-DD", help="day of the shop")
    replay.set_defaults(run=_replay)
    for action in (verify, replay):
        action.add_argument("--config", type=Path, default=DEFAULT_PATH, metavar="FILE")
        action.add_argument("--database", metavar="URL", help="instead of the one in the configuration")


def _verify(options: argparse.Namespace) -> int:
    from loyalty.services.ledger_check import verify_ledger

    report = _read(options, verify_ledger)
    for fault in report.faults:
        print(f"account {fault.account_id}: {fault.what} is {fault.cached}, the entries say {fault.rebuilt}")
    summary = {"accounts": report.accounts, "entries": report.entries, "faults": len(report.faults)}
    print(json.dumps(summary))
    return 1 if report.faults else 0


def _replay(options: argparse.Namespace) -> int:
    from loyalty.services.ledger_replay import replay_day

    replay = _read(options, lambda uow: replay_day(uow, options.day))
    for each in replay.differences:
        print(f"{each.subject}: booked {_words(each.booked)}, reckoned {_words(each.reckoned)}")
    summary = {
        "day": options.day.isoformat(),
        "sales": replay.sales,
        "refunds": replay.refunds,
        "differences": len(replay.differences),
    }
    print(json.dumps(summary))
    return 1 if replay.differences else 0


def _read(options: argparse.Namespace, question: "Callable[[UnitOfWork], _Answer]") -> _Answer:
    from checkout.configuration import CheckoutSettings
    from loyalty.adapters.sql.database import opened

    url = options.database or load_section(options.config, "checkout", CheckoutSettings).database_url
    with opened(url) as database, database.reading() as uow:
        return question(uow)


def _words(booked: tuple[tuple[str, int], ...]) -> str:
    return ", ".join(f"{kind} {points:+d}" for kind, points in booked) or "nothing"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("a day is written as 2026-03-02") from error
