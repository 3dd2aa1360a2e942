"""What a member may be shown of their own account, by trust (rows 78, 107, 137, 170)."""

from dataclasses import dataclass
from uuid import UUID

from loyalty.domain.pricing.engine import price_sale
from loyalty.domain.programme import PointsName, ProgrammeVersion, RewardTier
from loyalty.domain.sale import Sale
from loyalty.domain.trust import Trust
from loyalty.domain.why import Refusal
from loyalty.ports.directory import Member
from loyalty.ports.sales import UnfinishedSale
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.setup import pricing_terms, shop_settings


@dataclass(frozen=True, slots=True)
class RewardOffer:
    """One tier as it stands for this member and sale."""

    tier_id: UUID
    name: str
    points: int
    is_available: bool
    applied: int = 0
    """How many of it are on the sale."""
    why_not: Refusal | None = None
    missing_points: int = 0


@dataclass(frozen=True, slots=True)
class NextReward:
    """The cheapest tier that the points do not reach yet."""

    name: str
    points: int
    missing: int


@dataclass(frozen=True, slots=True)
class MemberView:
    """First name, points and rewards: nothing that could be used to reach the person."""

    customer_id: UUID
    given_name: str | None
    language: str | None
    trust: Trust
    balance: int
    points: int
    """What is left to spend: the balance without what rewards on unfinished sales will cost."""
    points_name: PointsName
    next_reward: NextReward | None
    rewards: tuple[RewardOffer, ...]
    elsewhere: tuple[UnfinishedSale, ...] = ()
    """Other sales that the member stands on at this moment, in other lanes or set aside (row 168)."""


def member_view(uow: UnitOfWork, member: Member, trust: Trust, sale: Sale | None) -> MemberView | None:
    """What the member may see on the kiosk; None below the trust that showing points needs.

    A name or a point of a typed number is never shown (row 170).
    """
    if trust < shop_settings(uow).trust.show_points:
        return None
    return full_member_view(uow, member, trust, sale)


def full_member_view(uow: UnitOfWork, member: Member, trust: Trust, sale: Sale | None) -> MemberView | None:
    """The same for staff, at any trust; None without an account or programme."""
    programme = uow.programme.current()
    if member.account is None or programme is None:
        return None
    sale = sale if sale is not None and _is_on(sale, member) else None
    reserved = uow.sales.reserved_points(member.account.id, sale.id if sale is not None else None)
    on_sale = sale.reward_points if sale is not None and not sale.is_settled else 0
    points = member.account.balance - reserved - on_sale
    unfinished = uow.sales.unfinished_of(member.account.id)
    return MemberView(
        customer_id=member.customer.id,
        given_name=member.customer.given_name,
        language=member.customer.language,
        trust=trust,
        balance=member.account.balance,
        points=points,
        points_name=programme.points_name,
        next_reward=_next_reward(programme, points),
        rewards=_offers(uow, programme, sale, points),
        elsewhere=tuple(each for each in unfinished if sale is None or each.sale_id != sale.id),
    )


def _is_on(sale: Sale, member: Member) -> bool:
    return sale.member is not None and sale.member.customer_id == member.customer.id


def _next_reward(programme: ProgrammeVersion, points: int) -> NextReward | None:
    tier = programme.next_tier(points)
    return NextReward(tier.name, tier.points, tier.points - points) if tier is not None else None


def _offers(
    uow: UnitOfWork, programme: ProgrammeVersion, sale: Sale | None, points: int
) -> tuple[RewardOffer, ...]:
    nothing_left = sale is None or price_sale(sale, pricing_terms(uow, sale)).total_minor == 0
    in_order = sorted(programme.tiers, key=lambda tier: (tier.points, tier.id))
    return tuple(_offer(tier, sale, points, nothing_left=nothing_left) for tier in in_order)


def _offer(tier: RewardTier, sale: Sale | None, points: int, *, nothing_left: bool) -> RewardOffer:
    applied = sum(reward.tier_id == tier.id for reward in sale.rewards) if sale is not None else 0
    missing = max(0, tier.points - points)
    why_not = None
    if missing:
        why_not = Refusal.NOT_ENOUGH_POINTS
    elif sale is None:
        why_not = Refusal.SALE_UNKNOWN
    elif not sale.is_open:
        why_not = Refusal.SALE_CLOSED
    elif nothing_left:
        why_not = Refusal.NOTHING_TO_DISCOUNT
    return RewardOffer(tier.id, tier.name, tier.points, why_not is None, applied, why_not, missing)
