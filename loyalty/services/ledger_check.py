"""Rebuilds every balance and lot from the entries and compares (``comptoir ledger verify``)."""

from uuid import UUID

from loyalty.domain.ledger import balance_of, remainders_of
from loyalty.ports.points import LedgerFault, LedgerReport
from loyalty.ports.unit_of_work import UnitOfWork

__all__ = ["LedgerFault", "LedgerReport", "rebuild_caches", "verify_ledger"]


def verify_ledger(uow: UnitOfWork) -> LedgerReport:
    """Compare all accounts; changes nothing."""
    return uow.ledger.compare()


def rebuild_caches(uow: UnitOfWork, account_id: UUID) -> None:
    """Set the caches of an account to what its entries say."""
    booked = uow.ledger.entries_of(account_id)
    uow.ledger.rewrite_caches(account_id, balance_of(booked), remainders_of(booked))
