"""Members who stayed away long are told, and later forgotten, slice by slice by the shop's clock (row 201).

Whoever comes in, uses the programme or says anything about messages meanwhile is kept. Nobody who stands on a
sale is forgotten, nor, where the shop wants it so, anybody who has points.
"""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from loyalty.domain.calendar import local_date, months_before
from loyalty.domain.message import MessageKind
from loyalty.domain.privacy import PrivacySettings
from loyalty.domain.why import Refused
from loyalty.ports.clock_work import JobRun
from loyalty.ports.directory import Member
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.erase_person import erase_person
from loyalty.services.queue_message import queue_message
from loyalty.services.setup import shop_settings
from loyalty.services.status_link import new_status_link

_LOOKED_AT_ONCE = 500
_ERASED_AT_ONCE = 10
_JOB = "retention"


def tell_inactive_slice(uow: UnitOfWork, ctx: ServiceContext) -> int:
    """Tell some of those who will be forgotten, once a day each; how many people it looked at."""
    settings = uow.privacy.settings()
    shop = uow.shop.settings()
    if shop is None or not settings.purges_inactive:
        return 0
    now = ctx.clock.now()
    name = f"{_JOB}:{local_date(now, shop.timezone).isoformat()}"
    run = uow.jobs.get(name) or JobRun(name)
    if run.is_finished:
        return 0
    since = forgotten_since(now, settings) + timedelta(days=settings.notice_days)
    page = uow.people.inactive(since, run.cursor, _LOOKED_AT_ONCE)
    told = sum(_tell(uow, ctx, settings, each, now) for each in page.customer_ids)
    finished_at = now if page.last is None else None
    uow.jobs.save(JobRun(name, page.last or run.cursor, run.done + told, finished_at))
    return 0 if finished_at is not None else _LOOKED_AT_ONCE


def forget_inactive_slice(uow: UnitOfWork, ctx: ServiceContext) -> int:
    """Forget some of those who were told long enough ago and stayed away. How many notices it settled."""
    settings = uow.privacy.settings()
    if not settings.purges_inactive:
        return 0
    now = ctx.clock.now()
    due = uow.people.told_until(now - timedelta(days=settings.notice_days), _ERASED_AT_ONCE)
    for customer_id in due:
        member = uow.customers.member(customer_id)
        is_due = member is not None and _is_to_go(uow, settings, member, forgotten_since(now, settings))
        if not is_due or isinstance(erase_person(uow, ctx, customer_id, None), Refused):
            uow.people.forget_told(customer_id)
    return len(due)


def forgotten_since(now: datetime, settings: PrivacySettings) -> datetime:
    """Who was not seen since is forgotten: so many months back, at the start of a day in UTC."""
    day = months_before(now.astimezone(UTC).date(), settings.retention_months)
    return datetime.combine(day, time(0), UTC)


def _tell(
    uow: UnitOfWork, ctx: ServiceContext, settings: PrivacySettings, customer_id: UUID, now: datetime
) -> bool:
    member = uow.customers.member(customer_id)
    if member is None or (settings.keeps_who_has_points and _has_points(member)):
        return False
    if not uow.people.note_told(customer_id, now):
        return False
    if member.account is not None:
        until = local_date(now + timedelta(days=settings.notice_days), shop_settings(uow).timezone)
        queue_message(
            uow,
            ctx,
            member,
            MessageKind.RETENTION,
            f"retention:{customer_id}:{now.date().isoformat()}",
            params={"link": new_status_link(uow, ctx, customer_id), "date": until.isoformat()},
        )
    return True


def _is_to_go(uow: UnitOfWork, settings: PrivacySettings, member: Member, since: datetime) -> bool:
    if settings.keeps_who_has_points and _has_points(member):
        return False
    return uow.people.is_inactive(member.customer.id, since)


def _has_points(member: Member) -> bool:
    return member.account is not None and member.account.balance > 0
