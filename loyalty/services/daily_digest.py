"""What an owner should look at of a day: unusual visits, refunds, points by hand (rows 185, 206)."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from loyalty.domain.audit import AuditAction
from loyalty.domain.calendar import day_bounds, local_date
from loyalty.domain.reports.visits import UnusualDay, unusual_days
from loyalty.domain.staff import Permission, StaffMember
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext, UnitOfWorkFactory
from loyalty.services.setup import shop_settings

_BY_HAND = (AuditAction.POINTS_ADJUSTED, AuditAction.POINTS_MOVED, AuditAction.OPENING_BALANCE)


def unusual_activity(uow: UnitOfWork, first: date, last: date) -> tuple[UnusualDay, ...]:
    """Members who earned strikingly often on a day of the shop, both days included, newest first."""
    timezone = shop_settings(uow).timezone
    start, end = day_bounds(first, timezone)[0], day_bounds(last, timezone)[1]
    threshold = uow.programme.settings().unusual_visits_a_day
    return unusual_days(uow.reports.visits(start, end), timezone, threshold)


def digest_content(uow: UnitOfWork, day: date) -> Mapping[str, Any]:
    """The day's digest as JSON values: ids and numbers, no contact data.

    ``unusual``: accounts with their visits; ``refunds``, ``late_attachments``, ``by_hand``: for each
    employee how many; ``refunded_minor`` for each employee.
    """
    start, end = day_bounds(day, shop_settings(uow).timezone)
    refunds = uow.refunds.between(start, end)
    deeds = uow.audit.between(start, end)
    refunded: Counter[str] = Counter()
    for refund in refunds:
        refunded[str(refund.given_by)] += refund.quote.amount_minor
    late = [deed for deed in deeds if deed.action is AuditAction.MEMBER_ATTACHED_LATE]
    by_hand = [deed for deed in deeds if deed.action in _BY_HAND]
    return {
        "unusual": [
            {"account_id": str(each.account_id), "visits": each.visits}
            for each in unusual_activity(uow, day, day)
        ],
        "refunds": dict(Counter(str(refund.given_by) for refund in refunds)),
        "refunded_minor": dict(refunded),
        "late_attachments": dict(Counter(str(deed.staff_id) for deed in late)),
        "by_hand": dict(Counter(str(deed.staff_id) for deed in by_hand)),
    }


def make_digest(open_unit: UnitOfWorkFactory, ctx: ServiceContext) -> date | None:
    """Make yesterday's digest where there is none yet; the day it is of, None where it was made before."""
    with open_unit() as uow:
        day = add_digest(uow, ctx)
        uow.commit()
    return day


def add_digest(uow: UnitOfWork, ctx: ServiceContext) -> date | None:
    """The same within a transaction that the caller commits."""
    yesterday = local_date(ctx.clock.now(), shop_settings(uow).timezone) - timedelta(days=1)
    if uow.digests.of_day(yesterday) is not None:
        return None
    is_made = uow.digests.add(yesterday, ctx.clock.now(), digest_content(uow, yesterday))
    return yesterday if is_made else None


def digest_of(uow: UnitOfWork, day: date, viewer: StaffMember) -> Mapping[str, Any]:
    """The digest of any day: as it was made, or as it stands now.

    Raises:
        PermissionDeniedError: The role does not hold ``view_reports``.
    """
    viewer.require(Permission.VIEW_REPORTS)
    made = uow.digests.of_day(day)
    return made if made is not None else digest_content(uow, day)
