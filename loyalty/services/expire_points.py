"""Ends points whose time is over, by the shop's clock, in slices between the counter's work (row 164)."""

from dataclasses import dataclass
from datetime import timedelta

from loyalty.domain.booking.expire import expire_lots, expiring_points
from loyalty.domain.booking.state import AccountState
from loyalty.domain.calendar import local_date
from loyalty.ports.clock_work import JobRun
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext, UnitOfWorkFactory
from loyalty.services.setup import shop_settings
from loyalty.services.tell_news import queue_points_expiring

SLICE = 500
_NOTICE = "points_expiring:"


@dataclass(frozen=True, slots=True)
class Expired:
    """What one slice ended; it was the last one where ``lots`` is zero."""

    accounts: int = 0
    lots: int = 0
    points: int = 0


def expire_slice(uow: UnitOfWork, ctx: ServiceContext, limit: int = SLICE) -> Expired:
    """Book the end of about ``limit`` lots, one entry each.

    Run again it books nothing new, whatever was interrupted in between; where the clock was wrong and
    goes back, what was ended stays ended.
    """
    now, timezone = ctx.clock.now(), shop_settings(uow).timezone
    account_ids = uow.ledger.accounts_with_expired(now, limit)
    if not account_ids:
        return Expired()
    uow.accounts.lock_all(account_ids)
    entries = [
        entry
        for account_id, lots in uow.ledger.expired_lots(account_ids, now).items()
        for entry in expire_lots(AccountState(account_id, 0, tuple(lots)), now, timezone)
    ]
    uow.ledger.book_all(entries)
    return Expired(len(account_ids), len(entries), -sum(entry.points for entry in entries))


def expire_points(open_unit: UnitOfWorkFactory, ctx: ServiceContext, limit: int = SLICE) -> Expired:
    """One slice in a transaction of its own."""
    with open_unit() as uow:
        done = expire_slice(uow, ctx, limit)
        if done.lots:
            uow.commit()
    return done


def warn_of_expiry(open_unit: UnitOfWorkFactory, ctx: ServiceContext, limit: int = 200) -> int:
    """Tell the next members whose points end soon, once for each day on which some do (row 159).

    How many were looked at; zero once today's round is done.
    """
    with open_unit() as uow:
        looked_at = warn_slice(uow, ctx, limit)
        uow.commit()
    return looked_at


def warn_slice(uow: UnitOfWork, ctx: ServiceContext, limit: int = 200) -> int:
    """The same within a transaction that the caller commits."""
    days = uow.programme.settings().expiring_notice_days
    name = f"{_NOTICE}{local_date(ctx.clock.now(), shop_settings(uow).timezone).isoformat()}"
    run = uow.jobs.get(name) or JobRun(name)
    if days == 0 or run.is_finished:
        return 0
    return _warn(uow, ctx, run, timedelta(days=days), limit)


def _warn(uow: UnitOfWork, ctx: ServiceContext, run: JobRun, notice: timedelta, limit: int) -> int:
    now, timezone = ctx.clock.now(), shop_settings(uow).timezone
    account_ids = uow.ledger.accounts_expiring(now, now + notice, run.cursor, limit)
    told = 0
    for account_id in account_ids:
        account = uow.accounts.get(account_id)
        member = uow.customers.member(account.customer_id) if account is not None else None
        ending = expiring_points(uow.ledger.open_lots_of(account_id), now, notice, timezone)
        if member is not None and ending:
            first = ending[0]
            told += queue_points_expiring(
                uow, ctx, member, points=first.points, expires_on=local_date(first.expires_at, timezone)
            )
    is_over = len(account_ids) < limit
    cursor = account_ids[-1] if account_ids else run.cursor
    uow.jobs.save(JobRun(run.name, cursor, run.done + told, now if is_over else None))
    return len(account_ids)
