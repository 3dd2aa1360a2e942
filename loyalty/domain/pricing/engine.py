"""Prices a sale.

Stacking, stated once (in words and with examples: docs/rules.md):

1. discounts that staff gave on single lines;
2. group discounts: on each line the best one, two groups never add up on a line;
3. discounts that staff gave on the sale;
4. rewards: free items, then percentages off items, then amounts off items, then percentages off the sale,
   then amounts off the sale; within one kind cheaper tiers first.

Each step sees what the ones before left, rounds half up once, and never takes more than there is. Taxes
are reckoned on what is left; points are earned on it, before tax unless the rule says otherwise, never on
a tip. A reward without effect costs no points.
"""

from dataclasses import dataclass

from loyalty.domain.accrual import AccrualBase
from loyalty.domain.catalogue import TaxInclusion
from loyalty.domain.pricing.earning import Earned, accrual_base, earn
from loyalty.domain.pricing.group_discounts import group_discounts
from loyalty.domain.pricing.line_taxes import TaxedLine, taxed_lines
from loyalty.domain.pricing.once import once_for_each_sale
from loyalty.domain.pricing.quote import ProposedDiscount, Quote, QuotedDiscount, QuotedLine, QuotedTax
from loyalty.domain.pricing.reward_discounts import effective_rewards, reward_discounts
from loyalty.domain.pricing.shares import OpenAmounts
from loyalty.domain.pricing.staff_discounts import line_discounts, sale_discounts
from loyalty.domain.pricing.tax_sets import tax_sets
from loyalty.domain.pricing.taxes import quote_taxes
from loyalty.domain.pricing.terms import PricingTerms
from loyalty.domain.sale import Sale, SaleLine
from loyalty.domain.why import Why, WhyCode

__all__ = ["PricingTerms", "points_for_any_member", "price_sale"]


@dataclass(frozen=True, slots=True)
class _Priced:
    """A sale down to its taxes, before anybody's points."""

    discounts: tuple[QuotedDiscount, ...]
    proposals: tuple[ProposedDiscount, ...]
    taxes: tuple[QuotedTax, ...]
    lines: tuple[QuotedLine, ...]
    total_minor: int
    base: AccrualBase


@once_for_each_sale
def price_sale(sale: Sale, terms: PricingTerms) -> Quote:
    """The quote of a sale under the terms."""
    priced = _price(sale, terms)
    earned = _points(sale, terms, priced.base)
    return Quote(
        lines=priced.lines,
        subtotal_minor=sum(line.gross_minor for line in sale.lines),
        discounts=priced.discounts,
        proposal=priced.proposals[0] if priced.proposals else None,
        discount_minor=sum(discount.amount_minor for discount in priced.discounts),
        taxes=priced.taxes,
        total_minor=priced.total_minor,
        points_to_redeem=sum(reward.points for reward in effective_rewards(sale, priced.discounts)),
        points_to_earn=earned.points,
        points_why=earned.why,
        promotion_id=earned.promotion_id,
        promotion_points=earned.promotion_points,
        proposals=priced.proposals,
    )


def points_for_any_member(sale: Sale, terms: PricingTerms) -> int:
    """What the sale as it stands would earn any member: says nothing about who is there (row 170).

    Promotions count, without anybody's trigger limit.
    """
    programme = terms.programme
    if programme is None or not programme.is_active:
        return 0
    base = _price(sale, terms).base
    at, timezone = sale.opened_at, terms.timezone
    return earn(base, programme, terms.promotions, at=at, timezone=timezone, history={}).points


@once_for_each_sale
def _price(sale: Sale, terms: PricingTerms) -> _Priced:
    amounts = OpenAmounts(sale.lines)
    by_line = line_discounts(sale, amounts)
    by_group, proposals = group_discounts(sale, terms, amounts)
    by_sale = sale_discounts(sale, amounts)
    by_reward = reward_discounts(sale, amounts)
    sets = tax_sets(amounts)
    taxes = quote_taxes(sets)
    taxed = taxed_lines(amounts, sets, taxes)
    on_top_minor = sum(tax.amount_minor for tax in taxes if tax.inclusion is TaxInclusion.ON_TOP)
    version = terms.programme.version if terms.programme is not None else 0
    return _Priced(
        discounts=(*by_line, *by_group, *by_sale, *by_reward),
        proposals=proposals,
        taxes=taxes,
        lines=tuple(_quoted_line(line, amounts, taxed[line.id]) for line in sale.lines),
        total_minor=amounts.total() + on_top_minor,
        base=accrual_base(amounts, taxed, version),
    )


def _quoted_line(line: SaleLine, amounts: OpenAmounts, taxed: TaxedLine) -> QuotedLine:
    return QuotedLine(
        line_id=line.id,
        name=line.name,
        quantity=line.quantity,
        unit_price_minor=line.unit_price_minor,
        gross_minor=line.gross_minor,
        net_minor=amounts.left_of(line),
        before_tax_minor=taxed.before_tax_minor,
        after_tax_minor=taxed.after_tax_minor,
        paid_quantity=amounts.paid_units_of(line),
        taxes=taxed.taxes,
    )


def _points(sale: Sale, terms: PricingTerms, base: AccrualBase) -> Earned:
    programme = terms.programme
    if programme is None or not programme.is_active:
        return Earned(0, why=(Why(WhyCode.NO_POINTS_WITHOUT_PROGRAMME),))
    if sale.is_training:
        return Earned(0, why=(Why(WhyCode.NO_POINTS_IN_TRAINING),))
    if sale.member is None or sale.member.account_id is None:
        return Earned(0, why=(Why(WhyCode.NO_POINTS_WITHOUT_ACCOUNT),))
    if sale.member.trust < terms.trust.earn:
        params: dict[str, int | str] = {"trust": int(sale.member.trust), "needed": int(terms.trust.earn)}
        return Earned(0, why=(Why(WhyCode.NO_POINTS_TRUST_TOO_LOW, params),))
    return earn(
        base,
        programme,
        terms.promotions,
        at=sale.opened_at,
        timezone=terms.timezone,
        history=terms.promotion_history,
    )
