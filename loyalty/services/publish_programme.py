"""Change the programme: each change is a new version, noted, told to whom it concerns (row 119)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from loyalty.domain.accrual import AccrualRule
from loyalty.domain.audit import AuditAction
from loyalty.domain.expiry import ExpiryPolicy
from loyalty.domain.programme import ProgrammeVersion
from loyalty.domain.programme_changes import ProgrammeChange, differences
from loyalty.domain.programme_edit import (
    TierDraft,
    add_tier,
    change_tier,
    checked_points_name,
    next_version,
    remove_tier,
)
from loyalty.domain.setup_wizard import Answers, Problem, programme_from
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.context import ServiceContext
from loyalty.services.tell_programme_changed import plan_to_tell
from runtime.ids import new_id

Change = Callable[[ProgrammeVersion], ProgrammeVersion | Refused]
"""Makes the next version of the one in force."""


@dataclass(frozen=True, slots=True)
class Published:
    """A version that is in force, and what members notice of it; nothing where nothing changed."""

    version: ProgrammeVersion
    changes: tuple[ProgrammeChange, ...]


def publish_change(
    uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, change: Change, *, expected: int | None = None
) -> Published | Refused:
    """Publish what ``change`` makes of the version in force.

    Refusals besides those of ``change``: ``programme_unknown`` before the first set-up,
    ``programme_changed_meanwhile`` where ``expected`` is not the version in force any more.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_programme``.
        ConflictError: Somebody else published at the same moment.
    """
    staff.require(Permission.MANAGE_PROGRAMME)
    current = uow.programme.current()
    if current is None:
        return Refused(Refusal.PROGRAMME_UNKNOWN)
    if expected is not None and expected != current.version:
        return Refused(Refusal.PROGRAMME_CHANGED_MEANWHILE, {"version": current.version})
    changed = change(current)
    if isinstance(changed, Refused):
        return changed
    fresh = replace(changed, version=current.version + 1, valid_from=ctx.clock.now())
    if replace(fresh, version=current.version, valid_from=current.valid_from) == current:
        return Published(current, ())
    return _publish(uow, ctx, staff, fresh, differences(current, fresh))


def start_programme(
    uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, answers: Answers
) -> Published | tuple[Problem, ...]:
    """The programme that the answers of the set-up make (row 138), or what is wrong with them.

    Where there is a programme already it becomes its next version.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_programme``.
    """
    staff.require(Permission.MANAGE_PROGRAMME)
    made = programme_from(answers, tier_id=new_id(), valid_from=ctx.clock.now())
    if isinstance(made, tuple):
        return made
    current = uow.programme.current()
    if current is None:
        return _publish(uow, ctx, staff, made, ())
    fresh = replace(made, version=current.version + 1)
    return _publish(uow, ctx, staff, fresh, differences(current, fresh))


def with_new_tier(ctx: ServiceContext, draft: TierDraft) -> Change:
    """One more reward; the sixteenth and a name of 101 characters are refused (rows 139-141)."""
    tier_id = new_id()
    return lambda current: add_tier(current, draft, tier_id, ctx.clock.now())


def with_changed_tier(ctx: ServiceContext, tier_id: UUID, draft: TierDraft) -> Change:
    """The reward of this id, as it shall be; the id stays."""
    return lambda current: change_tier(current, tier_id, draft, ctx.clock.now())


def without_tier(ctx: ServiceContext, tier_id: UUID) -> Change:
    """The programme without this reward; where it is on an open sale it stays there."""
    return lambda current: remove_tier(current, tier_id, ctx.clock.now())


def with_rule(ctx: ServiceContext, rule: AccrualRule) -> Change:
    """Another way to earn: exactly one at a time (row 121)."""
    return lambda current: replace(next_version(current, ctx.clock.now()), accrual=rule)


def with_expiry(ctx: ServiceContext, policy: ExpiryPolicy) -> Change:
    """Another life of points earned from now on."""
    return lambda current: replace(next_version(current, ctx.clock.now()), expiry=policy)


def with_points_name(ctx: ServiceContext, one: str, many: str) -> Change:
    """Another name for the points (row 184)."""

    def change(current: ProgrammeVersion) -> ProgrammeVersion | Refused:
        names = checked_points_name(one, many)
        if isinstance(names, Refused):
            return names
        return replace(next_version(current, ctx.clock.now()), points_name=names)

    return change


def with_reward_limit(ctx: ServiceContext, limit: int | None) -> Change:
    """So many rewards in one sale at most; None: as many as the points pay for (X11)."""

    def change(current: ProgrammeVersion) -> ProgrammeVersion | Refused:
        if limit is not None and not 1 <= limit <= 100:
            return Refused(Refusal.AMOUNT_OUT_OF_RANGE, {"min": 1, "max": 100})
        return replace(next_version(current, ctx.clock.now()), max_rewards_per_sale=limit)

    return change


def switched(ctx: ServiceContext, *, is_active: bool) -> Change:
    """The programme on or off; points stay."""
    return lambda current: replace(next_version(current, ctx.clock.now()), is_active=is_active)


def _publish(
    uow: UnitOfWork,
    ctx: ServiceContext,
    staff: StaffMember,
    version: ProgrammeVersion,
    changes: tuple[ProgrammeChange, ...],
) -> Published:
    uow.programme.add(version)
    if changes:
        plan_to_tell(uow, version)
    note_deed(
        uow,
        ctx,
        staff,
        action=AuditAction.PROGRAMME_PUBLISHED,
        subject=f"programme:{version.version}",
        params={"changes": ", ".join(sorted({change.kind.value for change in changes}))},
    )
    return Published(version, changes)
