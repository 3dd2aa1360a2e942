"""Rebuilds every balance and lot from the entries inside the database, and compares."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, case, func, or_, select

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.ports.points import LedgerFault, LedgerReport

_ACCOUNTS, _ENTRIES = schema.loyalty_accounts, schema.ledger_entries
_LOTS, _USES = schema.lots, schema.lot_uses


def compare_ledger(transaction: Transaction) -> LedgerReport:
    """One pass over accounts and one over lots, in the database; only what differs comes out."""
    faults = [
        *(_fault(row, "balance") for row in transaction.all(_balances())),
        *(_fault(row, _lot_fault(row)) for row in transaction.all(_lots())),
    ]
    return LedgerReport(
        accounts=_count(transaction, _ACCOUNTS.c.id),
        entries=_count(transaction, _ENTRIES.c.id),
        faults=tuple(sorted(faults, key=lambda fault: (fault.account_id, fault.what))),
    )


def _balances() -> Any:
    summed = (
        select(_ENTRIES.c.account_id, func.sum(_ENTRIES.c.points).label("points"))
        .group_by(_ENTRIES.c.account_id)
        .subquery()
    )
    rebuilt = func.coalesce(summed.c.points, 0)
    return (
        select(
            _ACCOUNTS.c.id.label("account_id"),
            _ACCOUNTS.c.balance.label("cached"),
            rebuilt.label("rebuilt"),
        )
        .outerjoin(summed, summed.c.account_id == _ACCOUNTS.c.id)
        .where(_ACCOUNTS.c.balance != rebuilt)
    )


def _lots() -> Any:
    """Lots by their entries, so that a lot that is missing, or too many, is seen too."""
    used = (
        select(_USES.c.lot_id, func.sum(_USES.c.points).label("points")).group_by(_USES.c.lot_id).subquery()
    )
    filled = case((_ENTRIES.c.points > 0, _ENTRIES.c.points), else_=0)
    rebuilt = filled - func.coalesce(used.c.points, 0)
    is_wrong = or_(
        func.coalesce(_LOTS.c.remaining, -1) != rebuilt,
        rebuilt < 0,
        _LOTS.c.account_id != _ENTRIES.c.account_id,
    )
    return (
        select(
            _ENTRIES.c.account_id,
            func.coalesce(_LOTS.c.remaining, 0).label("cached"),
            rebuilt.label("rebuilt"),
        )
        .outerjoin(_LOTS, _LOTS.c.entry_id == _ENTRIES.c.id)
        .outerjoin(used, used.c.lot_id == _ENTRIES.c.id)
        .where(
            or_(_ENTRIES.c.points > 0, _LOTS.c.entry_id.is_not(None), used.c.lot_id.is_not(None)), is_wrong
        )
    )


def _lot_fault(row: Row[Any]) -> str:
    return "lot_below_zero" if row.rebuilt < 0 else "lot"


def _fault(row: Row[Any], what: str) -> LedgerFault:
    account_id: UUID = row.account_id
    return LedgerFault(account_id, what, int(row.cached), int(row.rebuilt))


def _count(transaction: Transaction, column: Any) -> int:
    row = transaction.first(select(func.count(column).label("number")))
    return int(row.number) if row is not None else 0
