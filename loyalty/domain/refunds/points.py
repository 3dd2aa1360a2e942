"""Points of what is left of a sale.

A refund leaves the member with the points that what they kept would have earned by itself, under the rule
and the promotion that the sale had. So buying and giving back never leaves points behind, in whatever
portions it is done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from loyalty.domain.accrual import AccrualBase, EarningLine
from loyalty.domain.promotions.choose import still_promoted
from loyalty.domain.refunds.left import LineLeft
from loyalty.domain.refunds.memory import SaleMemory
from loyalty.domain.refunds.refund import Refund


@dataclass(frozen=True, slots=True)
class KeptPoints:
    """Points of the rule and of the promotion that what is kept is worth."""

    base_points: int
    promotion_points: int


def kept_base(kept: Sequence[LineLeft], rule_version: int) -> AccrualBase:
    """What is kept, as the rule sees it.

    Of a line of which some units were free, the units kept count in the same proportion, rounded down.
    """
    return AccrualBase.of_lines((_earning_line(each) for each in kept), rule_version)


def kept_points(memory: SaleMemory, base: AccrualBase) -> KeptPoints:
    """Never more than the sale earned."""
    earning = memory.earning
    if earning is None:
        return KeptPoints(0, 0)
    points = min(earning.rule.accrue(base).points, memory.quote.base_points)
    extra = still_promoted(earning.promotion, base, points) if earning.promotion is not None else 0
    return KeptPoints(points, min(extra, memory.quote.promotion_points))


def past_points(past: Sequence[Refund]) -> Mapping[str, int]:
    """Points that refunds took back so far, by where they came from."""
    return {
        "base": sum(each.quote.base_points for each in past),
        "promotion": sum(each.quote.promotion_points for each in past),
    }


def _earning_line(kept: LineLeft) -> EarningLine:
    paid = kept.quoted.paid_quantity * kept.units // kept.quoted.quantity
    return EarningLine(
        item_id=kept.line.item_id,
        category_id=kept.line.category_id,
        name=kept.line.name,
        quantity=paid if kept.left_minor > 0 else 0,
        before_tax_minor=kept.before_tax_minor,
        after_tax_minor=kept.left_minor,
        variation_id=kept.line.variation_id,
        is_gift_card=kept.line.is_gift_card,
    )
