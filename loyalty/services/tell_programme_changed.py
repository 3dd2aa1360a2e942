"""Tells members that the programme changed, each once, in the background (row 119).

Somebody who edits five rewards publishes five versions in ten minutes. Members hear of it once: a change
waits a while, and where another one follows it is told together with it.
"""

from dataclasses import replace
from datetime import timedelta

from loyalty.domain.programme import ProgrammeVersion
from loyalty.domain.programme_changes import differences
from loyalty.ports.clock_work import JobRun
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext, UnitOfWorkFactory
from loyalty.services.tell_news import queue_programme_changed

TELL_AFTER = timedelta(minutes=30)
_PREFIX = "programme_changed:"


def plan_to_tell(uow: UnitOfWork, version: ProgrammeVersion) -> None:
    """Have the version told, together with changes before it that nobody was told of yet."""
    told_before = version.version - 1
    for run in uow.jobs.unfinished(_PREFIX):
        if run.cursor is None:
            told_before = min(told_before, _versions(run)[0])
        uow.jobs.save(replace(run, finished_at=version.valid_from))
    uow.jobs.save(JobRun(f"{_PREFIX}{told_before:06d}:{version.version:06d}"))


def tell_programme_changed(open_unit: UnitOfWorkFactory, ctx: ServiceContext, limit: int = 200) -> int:
    """Queue the next slice of messages; how many members were looked at, zero where nothing is to be told.

    Members whom nothing of it concerns hear nothing.
    """
    with open_unit() as uow:
        looked_at = tell_slice(uow, ctx, limit)
        uow.commit()
    return looked_at


def tell_slice(uow: UnitOfWork, ctx: ServiceContext, limit: int = 200) -> int:
    """The same within a transaction that the caller commits."""
    runs = uow.jobs.unfinished(_PREFIX)
    return _slice(uow, ctx, runs[-1], limit) if runs else 0


def _slice(uow: UnitOfWork, ctx: ServiceContext, run: JobRun, limit: int) -> int:
    before, number = _versions(run)
    old, version = uow.programme.version(before), uow.programme.version(number)
    now = ctx.clock.now()
    if version is not None and now < version.valid_from + TELL_AFTER:
        return 0
    changes = differences(old, version) if old is not None and version is not None else ()
    accounts = uow.accounts.page(run.cursor, limit) if changes else []
    told = 0
    for account in accounts:
        if version is None or not any(change.concerns(account.balance) for change in changes):
            continue
        member = uow.customers.member(account.customer_id)
        if member is not None:
            told += queue_programme_changed(uow, ctx, member, version)
    is_over = len(accounts) < limit
    cursor = accounts[-1].id if accounts else run.cursor
    uow.jobs.save(JobRun(run.name, cursor, run.done + told, now if is_over else None))
    return len(accounts)


def _versions(run: JobRun) -> tuple[int, int]:
    before, number = run.name.removeprefix(_PREFIX).split(":")
    return int(before), int(number)
