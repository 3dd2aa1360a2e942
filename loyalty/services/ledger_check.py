"""Rebuilds every balance and lot from the entries and compares (``comptoir ledger verify``)."""

from dataclasses import dataclass
from uuid import UUID

from loyalty.domain.ledger import balance_of, remainders_of
from loyalty.ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class LedgerFault:
    """A cache that does not say what the entries say, or a lot used beyond what it held."""

    account_id: UUID
    what: str
    """``balance``, ``lot`` or ``lot_below_zero``."""
    cached: int
    rebuilt: int


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """How much was compared and what differs; sound where nothing does."""

    accounts: int
    entries: int
    faults: tuple[LedgerFault, ...]


def verify_ledger(uow: UnitOfWork) -> LedgerReport:
    """Compare all accounts; changes nothing."""
    accounts = entries = 0
    faults: list[LedgerFault] = []
    for account_id in uow.accounts.ids():
        accounts += 1
        count, found = _check(uow, account_id)
        entries += count
        faults.extend(found)
    return LedgerReport(accounts, entries, tuple(faults))


def rebuild_caches(uow: UnitOfWork, account_id: UUID) -> None:
    """Set the caches of an account to what its entries say."""
    booked = uow.ledger.entries_of(account_id)
    uow.ledger.rewrite_caches(account_id, balance_of(booked), remainders_of(booked))


def _check(uow: UnitOfWork, account_id: UUID) -> tuple[int, list[LedgerFault]]:
    booked = uow.ledger.entries_of(account_id)
    account = uow.accounts.get(account_id)
    cached_balance = account.balance if account is not None else 0
    faults = []
    if cached_balance != balance_of(booked):
        faults.append(LedgerFault(account_id, "balance", cached_balance, balance_of(booked)))
    rebuilt = remainders_of(booked)
    cached = {lot.id: lot.remaining for lot in uow.ledger.lots_of(account_id)}
    for lot_id in rebuilt.keys() | cached.keys():
        left = rebuilt.get(lot_id, 0)
        if left < 0:
            faults.append(LedgerFault(account_id, "lot_below_zero", cached.get(lot_id, 0), left))
        elif cached.get(lot_id) != left:
            faults.append(LedgerFault(account_id, "lot", cached.get(lot_id, 0), left))
    return len(booked), faults
