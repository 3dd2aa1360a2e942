"""Promotions: make, cancel, list (row 134)."""

from dataclasses import dataclass
from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.promotions import Incentive, Promotion, PromotionState, Schedule, TriggerLimit
from loyalty.domain.promotions.plan import cancelled, checked_promotion_name, why_not_add
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.context import ServiceContext
from loyalty.services.setup import shop_settings
from runtime.ids import new_id


@dataclass(frozen=True, slots=True)
class PromotionDraft:
    """A promotion as somebody typed it."""

    name: str
    incentive: Incentive
    schedule: Schedule
    minimum_spend_minor: int = 0
    item_ids: tuple[UUID, ...] = ()
    category_ids: tuple[UUID, ...] = ()
    trigger_limit: TriggerLimit | None = None


@dataclass(frozen=True, slots=True)
class ListedPromotion:
    """A promotion and where it is in its life."""

    promotion: Promotion
    state: PromotionState


def add_promotion(
    uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, draft: PromotionDraft
) -> Promotion | Refused:
    """Refusals: ``programme_unknown``, ``name_invalid``, ``promotion_name_too_long``, ``promotion_over``.

    Also ``promotion_items_need_spending_rule``, and ``too_many_promotions`` for the eleventh that is
    active or scheduled.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_programme``.
        InvalidValueError: The draft is for items and categories at once.
    """
    staff.require(Permission.MANAGE_PROGRAMME)
    programme = uow.programme.current()
    if programme is None:
        return Refused(Refusal.PROGRAMME_UNKNOWN)
    name = checked_promotion_name(draft.name)
    if isinstance(name, Refused):
        return name
    now, timezone = ctx.clock.now(), shop_settings(uow).timezone
    promotion = Promotion(
        id=new_id(),
        name=name,
        incentive=draft.incentive,
        schedule=draft.schedule,
        created_at=now,
        minimum_spend_minor=draft.minimum_spend_minor,
        item_ids=draft.item_ids,
        category_ids=draft.category_ids,
        trigger_limit=draft.trigger_limit,
    )
    refused = why_not_add(promotion, uow.promotions.all(), programme.accrual, now, timezone)
    if refused is not None:
        return refused
    uow.promotions.add(promotion)
    _note(uow, ctx, staff, AuditAction.PROMOTION_ADDED, promotion)
    return promotion


def cancel_promotion(
    uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, promotion_id: UUID
) -> Promotion | Refused:
    """End it from now on; points that it gave stay. Refusals: ``promotion_unknown``, ``promotion_over``.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_programme``.
    """
    staff.require(Permission.MANAGE_PROGRAMME)
    promotion = uow.promotions.get(promotion_id)
    if promotion is None:
        return Refused(Refusal.PROMOTION_UNKNOWN)
    ended = cancelled(promotion, ctx.clock.now(), shop_settings(uow).timezone)
    if isinstance(ended, Refused):
        return ended
    uow.promotions.save(ended)
    _note(uow, ctx, staff, AuditAction.PROMOTION_CANCELLED, ended)
    return ended


def list_promotions(uow: UnitOfWork, ctx: ServiceContext) -> tuple[ListedPromotion, ...]:
    """All of them, newest first."""
    now, timezone = ctx.clock.now(), shop_settings(uow).timezone
    return tuple(ListedPromotion(each, each.state(now, timezone)) for each in uow.promotions.all())


def _note(
    uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, action: AuditAction, promotion: Promotion
) -> None:
    note_deed(
        uow,
        ctx,
        staff,
        action=action,
        subject=f"promotion:{promotion.id}",
        params={"name": promotion.name},
    )
