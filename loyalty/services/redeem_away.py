"""Rewards that a register gave while the station was away: up to so many points of a member (row 168)."""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.calendar import local_date, start_of_day
from loyalty.domain.sale import Sale
from loyalty.domain.staff import StaffMember
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.context import ServiceContext
from loyalty.services.setup import shop_settings


def points_given_away(uow: UnitOfWork, sale: Sale, tiers: Iterable[UUID]) -> int:
    """What the rewards cost that the station itself did not put on this sale; unknown ones cost nothing."""
    programme = uow.programme.current()
    fresh = Counter(tiers) - Counter(each.tier_id for each in sale.rewards)
    found = (programme.tier(tier_id) if programme is not None else None for tier_id in fresh.elements())
    return sum(tier.points for tier in found if tier is not None)


def why_not_away(uow: UnitOfWork, ctx: ServiceContext, sale: Sale, points: int) -> Refused | None:
    """``away_limit_reached`` where the member's cap of the day does not hold these points too.

    Several registers that were away at once may each have given the same points: the cap bounds what that
    costs the shop, and the ledger refuses what the balance does not hold.
    """
    if not points or sale.member is None or sale.member.account_id is None:
        return None
    uow.accounts.lock(sale.member.account_id)  # another station's report of the same member waits
    cap = uow.programme.settings().checkout.redeems_away_points
    left = max(0, cap - _given_today(uow, ctx, sale.member.customer_id))
    return Refused(Refusal.AWAY_LIMIT_REACHED, {"max": cap, "left": left}) if points > left else None


def note_given_away(
    uow: UnitOfWork, ctx: ServiceContext, account: StaffMember, sale: Sale, points: int
) -> None:
    """Count them for the rest of the day."""
    if points and sale.member is not None and not sale.is_training:
        note_deed(
            uow,
            ctx,
            account,
            action=AuditAction.REDEEMED_AWAY,
            subject=f"customer:{sale.member.customer_id}",
            params={"points": points},
        )


def _given_today(uow: UnitOfWork, ctx: ServiceContext, customer_id: UUID) -> int:
    timezone = shop_settings(uow).timezone
    today = start_of_day(local_date(ctx.clock.now(), timezone), timezone)
    deeds = uow.audit.of_subject(f"customer:{customer_id}")
    return sum(
        int(deed.params["points"])
        for deed in deeds
        if deed.action is AuditAction.REDEEMED_AWAY and deed.at >= today
    )
