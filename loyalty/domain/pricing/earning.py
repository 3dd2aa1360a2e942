"""Points of a sale: the programme's rule on what is left to pay, and one promotion on top."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from loyalty.domain.accrual import AccrualBase, EarningLine, gift_cards_why
from loyalty.domain.pricing.line_taxes import TaxedLine
from loyalty.domain.pricing.shares import OpenAmounts
from loyalty.domain.programme import ProgrammeVersion
from loyalty.domain.promotions import Promotion, choose_promotion
from loyalty.domain.promotions.choose import History
from loyalty.domain.why import Why


@dataclass(frozen=True, slots=True)
class Earned:
    """Points of the rule and of the promotion, each with its why."""

    base_points: int
    promotion_points: int = 0
    promotion_id: UUID | None = None
    why: tuple[Why, ...] = ()

    @property
    def points(self) -> int:
        return self.base_points + self.promotion_points


def accrual_base(amounts: OpenAmounts, taxed: Mapping[UUID, TaxedLine], rule_version: int) -> AccrualBase:
    """What the sale's lines come to for the rule; a tip is none of them, a gift card is set aside."""
    lines = (
        EarningLine(
            item_id=line.item_id,
            category_id=line.category_id,
            name=line.name,
            quantity=amounts.paid_units_of(line),
            before_tax_minor=taxed[line.id].before_tax_minor,
            after_tax_minor=taxed[line.id].after_tax_minor,
            variation_id=line.variation_id,
            is_gift_card=line.is_gift_card,
        )
        for line in amounts.lines
    )
    return AccrualBase.of_lines(lines, rule_version)


def earn(
    base: AccrualBase,
    programme: ProgrammeVersion,
    promotions: Sequence[Promotion],
    *,
    at: datetime,
    timezone: str,
    history: History,
) -> Earned:
    """The points of a purchase of this base at this time; of nothing but gift cards, none."""
    if base.gift_cards and not base.lines:
        return Earned(0, why=gift_cards_why(base))
    accrued = programme.accrual.accrue(base)
    promoted = choose_promotion(promotions, base, accrued.points, at=at, timezone=timezone, history=history)
    return Earned(
        base_points=accrued.points,
        promotion_points=promoted.points,
        promotion_id=promoted.promotion.id if promoted.promotion is not None else None,
        why=(*accrued.why, *gift_cards_why(base), *promoted.why),
    )
