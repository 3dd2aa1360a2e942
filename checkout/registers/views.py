"""What a register is told, made from the lane's view and from what was booked."""

from collections.abc import Iterable
from typing import Literal

from checkout.receipts.build import receipt_document
from checkout.receipts.document import Row
from checkout.till.view import MemberView, RewardView, SaleView, TillView, WhyView
from checkout.wire import domain_why, line_text
from checkout.words import words_for
from loyalty.domain.pricing.quote import QuotedDiscount
from loyalty.domain.programme import PointsName
from loyalty.domain.refunds import Refund
from loyalty.domain.register import Register, stated_tax_mode
from loyalty.domain.sale import Receipt, Sale
from loyalty.domain.why import Why as DomainWhy
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.refund import Refunded
from loyalty.services.setup import shop_settings
from messaging.model import Why
from messaging.register.answered import (
    MAX_WHY,
    DiscountApplied,
    DiscountProposed,
    LaneNow,
    MemberAtLane,
    NearestReward,
    RefundRecorded,
    RegisterLane,
    RegisterSetup,
    RewardOffered,
    SaleAtLane,
    SaleRecorded,
    Slip,
)

_MAX_DISCOUNTS = 40
_MAX_REWARDS = 15
_MAX_GROUPS = 20
_MAX_SLIP_LINES = 60
_AT_HOME = frozenset({"group_id", "given_by"})
"""Parameters of reasons that are nobody's business outside."""


def register_setup(unit: UnitOfWork, register: Register) -> RegisterSetup:
    """What a register has to know first."""
    shop, programme = shop_settings(unit), unit.programme.current()
    names = programme.points_name if programme is not None else PointsName("point", "points")
    return RegisterSetup(
        name=line_text(register.name),
        shop=line_text(shop.name),
        currency=shop.currency,
        stated=stated_tax_mode(programme).value,
        points_one=line_text(names.one),
        points_many=line_text(names.many),
        lanes=tuple(
            RegisterLane(number=lane.number, training=lane.is_training, companion=lane.is_companion)
            for lane in unit.lanes.all()
            if lane.is_active and lane.id in register.lane_ids
        ),
    )


def lane_now(view: TillView, register: Register) -> LaneNow:
    """A lane as this register may see it; ``view`` is the one without contact details."""
    return LaneNow(
        lane=view.lane,
        training=view.is_training,
        companion=view.is_companion,
        sale=_sale(view.sale, register) if view.sale is not None else None,
    )


def sale_recorded(unit: UnitOfWork, register: Register, sale: Sale, receipt: Receipt) -> SaleRecorded:
    """A sale as it was booked; no name in it, so that it may be kept and given again."""
    refunds = unit.refunds.of_sale(sale.id)
    return SaleRecorded(
        reference=register.own_reference(sale.register_reference) or "-",
        sale=sale.id,
        number=receipt.number,
        at=receipt.completed_at,
        training=sale.is_training,
        total_minor=receipt.quote.total_minor,
        discounts=tuple(_applied(each) for each in receipt.quote.discounts[:_MAX_DISCOUNTS]),
        points_earned=_earned(sale, receipt),
        points_used=0 if sale.is_training else receipt.quote.points_to_redeem,
        points_why=_whys(receipt.quote.points_why),
        balance=receipt.balance_after,
        has_member=sale.member is not None,
        returned=_returned(refunds),
        slip=_slip(unit, sale),
    )


def refund_recorded(done: Refunded, reference: str, refund_reference: str | None) -> RefundRecorded:
    quote = done.refund.quote
    return RefundRecorded(
        reference=reference,
        refund=refund_reference,
        amount_minor=quote.amount_minor,
        is_whole=quote.is_whole,
        points_taken=quote.base_points + quote.promotion_points,
        rewards_returned=len(quote.returned_reward_ids),
        balance=done.balance_after,
        why=_whys(quote.why),
    )


def _sale(sale: SaleView, register: Register) -> SaleAtLane:
    proposal = sale.proposal
    return SaleAtLane(
        sale=sale.id,
        version=sale.version,
        reference=register.own_reference(sale.register_reference),
        state=sale.state,
        discounts=tuple(
            DiscountApplied(
                kind=each.kind,
                name=line_text(each.name),
                amount_minor=each.amount_minor,
                why=tuple(_why(why) for why in each.why[:MAX_WHY]),
            )
            for each in sale.discounts[:_MAX_DISCOUNTS]
        ),
        proposed=None
        if proposal is None
        else DiscountProposed(
            name=line_text(proposal.name), amount_minor=proposal.amount_minor, why=_why(proposal.why)
        ),
        subtotal_minor=sale.subtotal_minor,
        total_minor=sale.total_minor,
        points_to_earn=sale.points_to_earn,
        points_why=tuple(_why(why) for why in sale.points_why[:MAX_WHY]),
        member=_member(sale.member) if sale.member is not None else None,
    )


def _member(member: MemberView) -> MemberAtLane:
    nearest = member.next_reward
    return MemberAtLane(
        customer=member.customer_id,
        name=line_text(member.name) if member.name is not None else None,
        groups=tuple(line_text(each) for each in member.groups[:_MAX_GROUPS]),
        trust=member.trust,
        is_member=member.is_member,
        points=member.points,
        balance=member.balance,
        next_reward=None
        if nearest is None
        else NearestReward(name=line_text(nearest.name), points=nearest.points, missing=nearest.missing),
        rewards=tuple(_reward(each) for each in member.rewards[:_MAX_REWARDS]),
    )


def _reward(reward: RewardView) -> RewardOffered:
    return RewardOffered(
        tier=reward.tier_id,
        name=line_text(reward.name),
        points=reward.points,
        state=reward.state,
        used=reward.used,
        why_not=_why(reward.why_not) if reward.why_not is not None else None,
    )


def _applied(discount: QuotedDiscount) -> DiscountApplied:
    return DiscountApplied(
        kind=discount.kind.value,
        name=line_text(discount.name),
        amount_minor=discount.amount_minor,
        why=_whys(discount.why),
    )


def _earned(sale: Sale, receipt: Receipt) -> int:
    has_account = sale.member is not None and sale.member.account_id is not None
    return receipt.quote.points_to_earn if has_account and not sale.is_training else 0


def _returned(refunds: Iterable[Refund]) -> Literal["nothing", "part", "all"]:
    parts = [each.quote.is_whole for each in refunds]
    return "all" if any(parts) else "part" if parts else "nothing"


def _slip(unit: UnitOfWork, sale: Sale) -> Slip:
    """The statement of the lane's printer as bare lines."""
    shop = shop_settings(unit)
    document = receipt_document(unit, sale, words_for(shop.default_language, shop.country))
    if document is None:
        return Slip(title="-", lines=(), closing=())
    rows = (*document.reductions, *document.totals, *document.loyalty)
    lines = [document.shop_name, *document.facts, *(text for row in rows for text in _row(row))]
    if document.training:
        lines.insert(0, document.training)
    return Slip(
        title=line_text(document.title),
        lines=tuple(line_text(each) for each in lines[:_MAX_SLIP_LINES]),
        closing=tuple(line_text(each) for each in document.closing[:10]),
    )


def _row(row: Row) -> Iterable[str]:
    yield f"{row.text}: {row.amount}" if row.amount else row.text
    yield from (f"  {note}" for note in row.notes)


def _whys(reasons: tuple[DomainWhy, ...]) -> tuple[Why, ...]:
    return tuple(_outside(domain_why(each).code, domain_why(each).params) for each in reasons[:MAX_WHY])


def _why(why: WhyView) -> Why:
    return _outside(why.code, why.params)


def _outside(code: str, params: object) -> Why:
    kept = {key: value for key, value in dict(params).items() if key not in _AT_HOME}  # type: ignore[call-overload]
    return Why(code=code, params=kept)
