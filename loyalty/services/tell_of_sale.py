"""What a member is told of a completed sale: points, rewards reached, redemptions that staff confirmed."""

from loyalty.domain.ledger import LoyaltyAccount
from loyalty.domain.pricing.reward_discounts import effective_rewards
from loyalty.domain.programme import RewardTier
from loyalty.domain.sale import Sale
from loyalty.ports.directory import Member
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.tell_member import queue_points_earned
from loyalty.services.tell_news import queue_first_points, queue_redemption_confirmed, queue_tier_reached


def tell_of_sale(
    uow: UnitOfWork,
    ctx: ServiceContext,
    sale: Sale,
    account: LoyaltyAccount,
    *,
    balance: int,
    before_earning: int,
) -> None:
    """Queue what the sale gives to tell, each event once (X7).

    Args:
        uow: The transaction that booked the sale.
        ctx: See :class:`ServiceContext`.
        sale: The sale with its receipt.
        account: The account as it was before.
        balance: Points afterwards.
        before_earning: Points after redemptions and before what the sale earned.
    """
    if sale.member is None or sale.receipt is None:
        return
    member = uow.customers.member(sale.member.customer_id)
    if member is None:
        return
    points = sale.receipt.quote.points_to_earn
    if points > 0:
        is_told = account.sequence == 0 and queue_first_points(uow, ctx, member, points=points)
        if not is_told:
            queue_points_earned(uow, ctx, member, sale, points=points, balance=balance)
    tell_of_tiers(uow, ctx, member, cause=f"sale:{sale.id}", before=before_earning, balance=balance)
    for reward in effective_rewards(sale, sale.receipt.quote.discounts):
        if reward.confirmed_by is not None:
            tier = RewardTier(reward.tier_id, reward.name, reward.points, reward.terms)
            queue_redemption_confirmed(uow, ctx, member, tier, redemption_id=reward.id, balance=balance)


def tell_of_tiers(
    uow: UnitOfWork, ctx: ServiceContext, member: Member, *, cause: str, before: int, balance: int
) -> None:
    """Every reward that came within reach between the two balances (row 118), the cheapest first."""
    programme = uow.programme.current()
    if programme is None or not programme.is_active:
        return
    for tier in sorted(programme.tiers, key=lambda each: (each.points, each.id)):
        if before < tier.points <= balance:
            queue_tier_reached(uow, ctx, member, tier, cause=cause, balance=balance)
