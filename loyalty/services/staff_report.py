"""What each employee gave back, named afterwards, confirmed or corrected over a period (row 206)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.calendar import day_bounds
from loyalty.domain.staff import Permission, StaffMember
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.setup import shop_settings

_LISTED = {
    AuditAction.MEMBER_ATTACHED_LATE,
    AuditAction.POINTS_ADJUSTED,
    AuditAction.POINTS_MOVED,
    AuditAction.OPENING_BALANCE,
}


@dataclass(frozen=True, slots=True)
class StaffDeed:
    """One refund, late attachment or correction; ``subject`` as the audit log has it, ``noun:id``."""

    staff_id: UUID | None
    at: datetime
    action: AuditAction
    subject: str
    points: int
    amount_minor: int
    reason: str


def staff_deeds(uow: UnitOfWork, first: date, last: date, viewer: StaffMember) -> tuple[StaffDeed, ...]:
    """Both days included, oldest first.

    Raises:
        PermissionDeniedError: The role does not hold ``view_reports``.
    """
    viewer.require(Permission.VIEW_REPORTS)
    timezone = shop_settings(uow).timezone
    start, end = day_bounds(first, timezone)[0], day_bounds(last, timezone)[1]
    back = [
        StaffDeed(
            staff_id=refund.given_by,
            at=refund.at,
            action=AuditAction.SALE_REFUNDED,
            subject=f"sale:{refund.sale_id}",
            points=-(refund.quote.base_points + refund.quote.promotion_points),
            amount_minor=refund.quote.amount_minor,
            reason=refund.reason,
        )
        for refund in uow.refunds.between(start, end)
    ]
    others = [
        StaffDeed(
            staff_id=deed.staff_id,
            at=deed.at,
            action=deed.action,
            subject=deed.subject,
            points=_whole(deed.params, "points"),
            amount_minor=0,
            reason=str(deed.params.get("reason", "")),
        )
        for deed in uow.audit.between(start, end)
        if deed.action in _LISTED
    ]
    return tuple(sorted([*back, *others], key=lambda deed: deed.at))


def _whole(params: Mapping[str, int | str], name: str) -> int:
    value = params.get(name, 0)
    return value if isinstance(value, int) else 0
