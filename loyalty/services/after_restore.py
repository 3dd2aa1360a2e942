"""After a back-up was restored: old messages and rewards wait until staff looked (row 205).

What happened between the back-up and the loss is not in the database: a message that waited then may have
left, and points that stand there may have been spent.
"""

from dataclasses import replace

from loyalty.domain.audit import AuditAction
from loyalty.domain.staff import Permission, StaffMember
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.context import ServiceContext

RESTORED = "restored"
"""Why a message waits for staff."""
_SHOP = "shop:1"


def hold_after_restore(uow: UnitOfWork, ctx: ServiceContext) -> int:
    """Messages wait for a person, and no reward is used; how many messages there are."""
    now = ctx.clock.now()
    held = uow.deliveries.hold_all(now, RESTORED)
    uow.programme.save_settings(replace(uow.programme.settings(), redeeming_held_since=now))
    params = {"messages": held}
    note_deed(uow, ctx, None, action=AuditAction.BACKUP_RESTORED, subject=_SHOP, params=params)
    return held


def confirm_balances(uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember) -> bool:
    """Rewards may be used again; False where they may already. Messages go on waiting, each for its decision.

    Raises:
        PermissionDeniedError: The role does not hold ``adjust_points``.
    """
    staff.require(Permission.ADJUST_POINTS)
    settings = uow.programme.settings()
    if settings.redeeming_held_since is None:
        return False
    uow.programme.save_settings(replace(settings, redeeming_held_since=None))
    note_deed(uow, ctx, staff, action=AuditAction.BALANCES_CONFIRMED, subject=_SHOP)
    return True
