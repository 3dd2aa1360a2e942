"""What a refund comes to."""

from collections.abc import Sequence
from uuid import UUID

from loyalty.domain.money import split_in_proportion
from loyalty.domain.pricing.reward_discounts import effective_rewards
from loyalty.domain.refunds.left import LineLeft, lines_left, without
from loyalty.domain.refunds.memory import SaleMemory
from loyalty.domain.refunds.points import KeptPoints, kept_base, kept_points, past_points
from loyalty.domain.refunds.refund import (
    AmountBack,
    LinesBack,
    RefundedLine,
    RefundQuote,
    RefundRequest,
    WholeSaleBack,
)
from loyalty.domain.sale import SaleState
from loyalty.domain.why import Refusal, Refused, Why, WhyCode


def quote_refund(memory: SaleMemory, request: RefundRequest) -> RefundQuote | Refused:
    """Money, points and rewards that the request would give back.

    Money of a line is shared evenly by its units as they come back, the last one taking what is left, so
    that all portions together are the line to the cent. Refusals: ``sale_not_completed``,
    ``sale_already_refunded``, ``line_unknown``, ``quantity_out_of_range``, ``refund_too_large``,
    ``amount_out_of_range``, ``nothing_to_refund``.
    """
    if memory.sale.state is not SaleState.COMPLETED:
        return Refused(Refusal.SALE_NOT_COMPLETED)
    if memory.is_whole_back:
        return Refused(Refusal.SALE_ALREADY_REFUNDED)
    left = lines_left(memory)
    lines = _lines_back(left, request)
    if isinstance(lines, Refused):
        return lines
    rest = without(left, lines)
    is_whole = isinstance(request, WholeSaleBack) or _is_all(memory, rest)
    kept = KeptPoints(0, 0) if is_whole else kept_points(memory, kept_base(rest, memory.rule_version))
    taken = past_points(memory.past)
    base_points = memory.quote.base_points - kept.base_points - taken["base"]
    promotion_points = memory.quote.promotion_points - kept.promotion_points - taken["promotion"]
    rewards = effective_rewards(memory.sale, memory.quote.discounts)
    with_tip = isinstance(request, WholeSaleBack) and request.with_tip
    why = [_points_why(memory, kept, base_points + promotion_points)]
    for reward in rewards:
        code = WhyCode.REFUND_RETURNS_REWARD if is_whole else WhyCode.REFUND_KEEPS_REWARD
        params: dict[str, int | str] = {
            "tier": reward.name,
            "tier_id": str(reward.tier_id),
            "points": reward.points,
        }
        why.append(Why(code, params))
    return RefundQuote(
        lines=lines,
        goods_minor=sum(line.amount_minor for line in lines),
        tip_minor=memory.tip_minor if with_tip else 0,
        is_whole=is_whole,
        base_points=max(0, base_points),
        promotion_points=max(0, promotion_points),
        returned_reward_ids=tuple(reward.id for reward in rewards) if is_whole else (),
        why=tuple(why),
    )


def _lines_back(left: Sequence[LineLeft], request: RefundRequest) -> tuple[RefundedLine, ...] | Refused:
    if isinstance(request, LinesBack):
        return _some_lines(left, request)
    if isinstance(request, AmountBack):
        return _amount_back(left, request.amount_minor)
    return tuple(each.whole() for each in left if each.units > 0 or each.left_minor > 0)


def _some_lines(left: Sequence[LineLeft], request: LinesBack) -> tuple[RefundedLine, ...] | Refused:
    by_id = {each.line.id: each for each in left}
    wanted: dict[UUID, int] = {}
    for line_id, units in request.units:
        if line_id not in by_id:
            return Refused(Refusal.LINE_UNKNOWN)
        if units < 1:
            return Refused(Refusal.QUANTITY_OUT_OF_RANGE, {"max": by_id[line_id].units})
        wanted[line_id] = wanted.get(line_id, 0) + units
    for line_id, units in wanted.items():
        if units > by_id[line_id].units:
            return Refused(Refusal.REFUND_TOO_LARGE, {"left": by_id[line_id].units})
    if not wanted:
        return Refused(Refusal.NOTHING_TO_REFUND)
    return tuple(by_id[line_id].units_back(units) for line_id, units in wanted.items())


def _amount_back(left: Sequence[LineLeft], amount_minor: int) -> tuple[RefundedLine, ...] | Refused:
    left_minor = sum(each.left_minor for each in left)
    if amount_minor <= 0:
        return Refused(Refusal.AMOUNT_OUT_OF_RANGE, {"min": 1, "max": left_minor})
    if amount_minor > left_minor:
        return Refused(Refusal.REFUND_TOO_LARGE, {"left_minor": left_minor})
    shares = split_in_proportion(amount_minor, [each.left_minor for each in left])
    return tuple(each.money_back(0, share) for each, share in zip(left, shares, strict=True) if share > 0)


def _is_all(memory: SaleMemory, rest: Sequence[LineLeft]) -> bool:
    nothing_left = sum(each.left_minor for each in rest) == 0 and memory.quote.total_minor > 0
    return nothing_left or all(each.units == 0 for each in rest)


def _points_why(memory: SaleMemory, kept: KeptPoints, taken: int) -> Why:
    earned = memory.quote.points_to_earn
    params: dict[str, int | str] = {"earned": earned, "kept": kept.base_points + kept.promotion_points}
    if taken <= 0:
        return Why(WhyCode.REFUND_KEEPS_POINTS, params)
    return Why(WhyCode.REFUND_TAKES_POINTS, {**params, "points": taken})
