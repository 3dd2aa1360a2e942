"""Exchanges: goods come back for others, and the difference is paid.

Points treat an exchange as one purchase: the member ends with what the goods kept and the new goods would
have earned together, in one visit. So exchanging earns no second visit, and splits no tranche.
"""

from dataclasses import dataclass

from loyalty.domain.accrual import AccrualBase
from loyalty.domain.pricing.quote import Quote
from loyalty.domain.promotions.choose import still_promoted
from loyalty.domain.refunds.left import LineLeft, lines_left, without
from loyalty.domain.refunds.memory import SaleMemory
from loyalty.domain.refunds.points import KeptPoints, kept_base, kept_points
from loyalty.domain.refunds.quote import quote_refund
from loyalty.domain.refunds.refund import LinesBack, RefundQuote, WholeSaleBack
from loyalty.domain.sale import Sale
from loyalty.domain.why import Refused


@dataclass(frozen=True, slots=True)
class ExchangeQuote:
    """What an exchange comes to."""

    refund: RefundQuote
    to_pay_minor: int
    """The new goods less what came back; below zero is given to the customer."""
    earned: KeptPoints
    """What the new sale earns, in place of what it would earn by itself."""


def quote_exchange(
    memory: SaleMemory, back: LinesBack | WholeSaleBack, new_sale: Sale, new_quote: Quote
) -> ExchangeQuote | Refused:
    """Price of the exchange; refused as the refund in it would be."""
    refund = quote_refund(memory, back)
    if isinstance(refund, Refused):
        return refund
    rest = without(lines_left(memory), refund.lines)
    return ExchangeQuote(
        refund=refund,
        to_pay_minor=new_quote.total_minor - refund.amount_minor,
        earned=_earned(memory, rest, _new_base(memory, new_sale, new_quote)),
    )


def _earned(memory: SaleMemory, rest: list[LineLeft], new: AccrualBase) -> KeptPoints:
    earning = memory.earning
    if earning is None:
        return KeptPoints(0, 0)
    kept = kept_base(rest, earning.rule_version)
    before = kept_points(memory, kept)
    every = (*kept.lines, *kept.gift_cards, *new.lines, *new.gift_cards)
    together = AccrualBase.of_lines(every, earning.rule_version)
    points = earning.rule.accrue(together).points
    extra = still_promoted(earning.promotion, together, points) if earning.promotion is not None else 0
    return KeptPoints(max(0, points - before.base_points), max(0, extra - before.promotion_points))


def _new_base(memory: SaleMemory, new_sale: Sale, new_quote: Quote) -> AccrualBase:
    lines = lines_left(SaleMemory(new_sale, new_quote))
    return kept_base(lines, memory.rule_version)
