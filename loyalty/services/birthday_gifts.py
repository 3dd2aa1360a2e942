"""The birthday's gift: booked and told once a year, by the shop's clock (row 184)."""

from datetime import date, datetime, timedelta

from loyalty.domain.booking.birthday import Birthday, BirthdayGift, birthday_entry, birthday_key
from loyalty.domain.calendar import local_date
from loyalty.domain.expiry import DaysAfter
from loyalty.ports.clock_work import JobRun
from loyalty.ports.directory import Member
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.close_sale import account_state
from loyalty.services.context import ServiceContext, UnitOfWorkFactory
from loyalty.services.setup import shop_settings
from loyalty.services.tell_news import queue_birthday
from loyalty.services.tell_of_sale import tell_of_tiers

_PREFIX = "birthday:"


def give_birthday_gifts(open_unit: UnitOfWorkFactory, ctx: ServiceContext, limit: int = 200) -> int:
    """The next slice of today's round; how many members were looked at, zero once it is done."""
    with open_unit() as uow:
        looked_at = gift_slice(uow, ctx, limit)
        uow.commit()
    return looked_at


def gift_slice(uow: UnitOfWork, ctx: ServiceContext, limit: int = 200) -> int:
    """The same within a transaction that the caller commits."""
    gift = uow.programme.settings().birthday_gift
    programme = uow.programme.current()
    today = local_date(ctx.clock.now(), shop_settings(uow).timezone)
    name = f"{_PREFIX}{today.isoformat()}"
    run = uow.jobs.get(name) or JobRun(name)
    if gift is None or programme is None or not programme.is_active or run.is_finished:
        return 0
    return _slice(uow, ctx, run, gift, limit)


def days_kept(today: date, days_after: int) -> frozenset[tuple[int, int]]:
    """Birthdays (month, day) that can be due today; 29 February is kept on 28 where there is none."""
    days = {today - timedelta(days=count) for count in range(days_after + 1)}
    kept = {(day.month, day.day) for day in days}
    if any((day.month, day.day) == (2, 28) and not _is_leap(day.year) for day in days):
        kept.add((2, 29))
    return frozenset(kept)


def _slice(uow: UnitOfWork, ctx: ServiceContext, run: JobRun, gift: BirthdayGift, limit: int) -> int:
    now = ctx.clock.now()
    today = local_date(now, shop_settings(uow).timezone)
    found = uow.birthdays.on_days(days_kept(today, gift.days_after), run.cursor, limit)
    given = 0
    for customer_id, birthday in found:
        member = uow.customers.member(customer_id)
        # A profile that was merged keeps its own day; the one that stays has its own too.
        if member is not None and member.account is not None and member.customer.id == customer_id:
            given += _give(uow, ctx, member, birthday, gift)
    is_over = len(found) < limit
    cursor = found[-1][0] if found else run.cursor
    uow.jobs.save(JobRun(run.name, cursor, run.done + given, now if is_over else None))
    return len(found)


def _give(
    uow: UnitOfWork, ctx: ServiceContext, member: Member, birthday: Birthday, gift: BirthdayGift
) -> bool:
    if member.account is None:
        return False
    now, timezone = ctx.clock.now(), shop_settings(uow).timezone
    year = gift.year_due(birthday, member.account.enrolled_at, now, timezone)
    account = uow.accounts.lock(member.account.id) if year is not None else None
    if year is None or account is None or _had_before_a_merge(uow, member, year):
        return False
    until = _until(uow, now, timezone)
    entry = birthday_entry(account_state(uow, account), gift, year, at=now, expires_at=until)
    if not uow.ledger.book(entry):
        return False
    last_day = local_date(until - timedelta(seconds=1), timezone)
    queue_birthday(uow, ctx, member, year=year, gift=_words(uow, gift.points), until=last_day)
    tell_of_tiers(
        uow,
        ctx,
        member,
        cause=f"birthday:{year}",
        before=account.balance,
        balance=account.balance + gift.points,
    )
    return True


def _had_before_a_merge(uow: UnitOfWork, member: Member, year: int) -> bool:
    """Whether an account that was merged into this one got the gift of the year (row 182)."""
    merged = (uow.customers.as_stored(each) for each in uow.people.merged_into(member.customer.id))
    accounts = [each.account for each in merged if each is not None and each.account is not None]
    return any(uow.ledger.entry(account.id, birthday_key(year)) is not None for account in accounts)


def _until(uow: UnitOfWork, now: datetime, timezone: str) -> datetime:
    days = uow.programme.settings().birthday_valid_days
    return DaysAfter(days).expires_at(now, timezone) or now + timedelta(days=days)


def _words(uow: UnitOfWork, points: int) -> str:
    programme = uow.programme.current()
    if programme is None:
        return str(points)
    return f"{points} {programme.points_name.one if points == 1 else programme.points_name.many}"


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
