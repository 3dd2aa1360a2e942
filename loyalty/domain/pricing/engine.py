"""Prices a sale.

Stacking, stated once: the one group discount that is worth most comes first (two groups do not add up);
then percentage rewards, then amount rewards, each on what the ones before left, cheaper tiers first.
Nothing goes below zero. Points are earned on what is left, before tax unless the rule says otherwise.
"""

from collections.abc import Callable
from dataclasses import dataclass

from loyalty.domain.accrual import AccrualBase, Accrued
from loyalty.domain.catalogue import TaxInclusion
from loyalty.domain.group import Group, GroupDiscount
from loyalty.domain.money import share_of
from loyalty.domain.pricing.quote import (
    DiscountKind,
    ProposedDiscount,
    Quote,
    QuotedDiscount,
    QuotedLine,
    QuotedTax,
)
from loyalty.domain.pricing.shares import OpenAmounts
from loyalty.domain.pricing.taxes import quote_taxes
from loyalty.domain.programme import ProgrammeVersion
from loyalty.domain.sale import Sale, SaleLine, SaleReward
from loyalty.domain.trust import DEFAULT_TRUST_POLICY, TrustPolicy
from loyalty.domain.why import Why, WhyCode


@dataclass(frozen=True, slots=True)
class PricingTerms:
    """Everything besides the sale that its price depends on."""

    groups: tuple[Group, ...] = ()
    """The groups of the member attached."""
    programme: ProgrammeVersion | None = None
    trust: TrustPolicy = DEFAULT_TRUST_POLICY


def price_sale(sale: Sale, terms: PricingTerms) -> Quote:
    """The quote of a sale under the terms."""
    amounts = OpenAmounts(sale.lines)
    subtotal_minor = amounts.total()
    group_discounts, proposal = _group_discount(sale, terms, amounts)
    discounts = (*group_discounts, *_reward_discounts(sale, amounts))
    taxes = quote_taxes(amounts)
    on_top_minor = sum(tax.amount_minor for tax in taxes if tax.inclusion is TaxInclusion.ON_TOP)
    total_minor = amounts.total() + on_top_minor
    accrued = _points(sale, terms, total_minor, taxes)
    return Quote(
        lines=tuple(_quoted_line(line, amounts) for line in sale.lines),
        subtotal_minor=subtotal_minor,
        discounts=discounts,
        proposal=proposal,
        discount_minor=sum(discount.amount_minor for discount in discounts),
        taxes=taxes,
        total_minor=total_minor,
        points_to_redeem=_points_to_redeem(sale, discounts),
        points_to_earn=accrued.points,
        points_why=accrued.why,
    )


def points_for_any_member(sale: Sale, terms: PricingTerms) -> int:
    """What the sale as it stands would earn any member: says nothing about who is there (row 170)."""
    if terms.programme is None or not terms.programme.is_active:
        return 0
    quote = price_sale(sale, terms)
    base = AccrualBase(quote.before_tax_minor, quote.total_minor, terms.programme.version)
    return terms.programme.accrual.accrue(base).points


def _quoted_line(line: SaleLine, amounts: OpenAmounts) -> QuotedLine:
    return QuotedLine(
        line.id, line.name, line.quantity, line.unit_price_minor, line.gross_minor, amounts.left_of(line)
    )


def _group_discount(
    sale: Sale, terms: PricingTerms, amounts: OpenAmounts
) -> tuple[tuple[QuotedDiscount, ...], ProposedDiscount | None]:
    best = _best_group(terms.groups, amounts)
    if sale.member is None or best is None:
        return (), None
    group, discount, amount_minor = best
    by_itself = sale.member.trust >= terms.trust.group_discount
    confirmed = sale.member.discount_confirmed_by is not None
    params: dict[str, int | str] = {
        "group": group.name,
        "group_id": str(group.id),
        "rate_ppm": discount.rate_ppm,
        "base_minor": amounts.total(_covered(discount)),
    }
    if not by_itself and not confirmed:
        why = Why(WhyCode.GROUP_DISCOUNT_PROPOSED, params)
        return (), ProposedDiscount(group.id, group.name, discount.rate_ppm, amount_minor, why)
    code = WhyCode.GROUP_DISCOUNT if by_itself else WhyCode.GROUP_DISCOUNT_CONFIRMED
    taken = amounts.take(amount_minor, _covered(discount))
    return (QuotedDiscount(DiscountKind.GROUP, group.id, group.name, taken, (Why(code, params),)),), None


def _best_group(groups: tuple[Group, ...], amounts: OpenAmounts) -> tuple[Group, GroupDiscount, int] | None:
    """The group whose discount takes most off; the higher rate, then the older group, where two are equal."""
    offers = [
        (group, group.discount, share_of(amounts.total(_covered(group.discount)), group.discount.rate_ppm))
        for group in groups
        if group.discount is not None
    ]
    return min(offers, key=lambda offer: (-offer[2], -offer[1].rate_ppm, offer[0].id), default=None)


def _covered(discount: GroupDiscount) -> Callable[[SaleLine], bool]:
    return lambda line: discount.scope.covers(line.item_id, line.category_id)


def _reward_discounts(sale: Sale, amounts: OpenAmounts) -> list[QuotedDiscount]:
    in_order = sorted(
        sale.rewards, key=lambda reward: (reward.terms.order, reward.points, reward.tier_id, reward.id)
    )
    return [_reward_discount(reward, amounts) for reward in in_order]


def _reward_discount(reward: SaleReward, amounts: OpenAmounts) -> QuotedDiscount:
    base_minor = amounts.total()
    wanted = reward.terms.quote(base_minor)
    why = [
        Why(
            WhyCode.REWARD,
            {
                "tier": reward.name,
                "tier_id": str(reward.tier_id),
                "points": reward.points,
                "base_minor": base_minor,
            },
        )
    ]
    ceiling_minor = reward.terms.ceiling_minor
    if ceiling_minor is not None and wanted > ceiling_minor:
        params: dict[str, int | str] = {
            "tier": reward.name,
            "ceiling_minor": ceiling_minor,
            "uncut_minor": wanted,
        }
        why.append(Why(WhyCode.REWARD_CUT_TO_CEILING, params))
        wanted = ceiling_minor
    taken = amounts.take(wanted)
    if taken == 0:
        why.append(Why(WhyCode.REWARD_WITHOUT_EFFECT, {"tier": reward.name}))
    elif taken < wanted:
        params = {"tier": reward.name, "base_minor": base_minor, "uncut_minor": wanted}
        why.append(Why(WhyCode.REWARD_CUT_TO_BASE, params))
    return QuotedDiscount(DiscountKind.REWARD, reward.id, reward.name, taken, tuple(why))


def _points_to_redeem(sale: Sale, discounts: tuple[QuotedDiscount, ...]) -> int:
    """Points of the rewards that take something off: one without effect costs nothing."""
    effective = {discount.source_id for discount in discounts if discount.amount_minor > 0}
    return sum(reward.points for reward in sale.rewards if reward.id in effective)


def _points(sale: Sale, terms: PricingTerms, total_minor: int, taxes: tuple[QuotedTax, ...]) -> Accrued:
    if terms.programme is None or not terms.programme.is_active:
        return Accrued(0, (Why(WhyCode.NO_POINTS_WITHOUT_PROGRAMME),))
    if sale.is_training:
        return Accrued(0, (Why(WhyCode.NO_POINTS_IN_TRAINING),))
    if sale.member is None or sale.member.account_id is None:
        return Accrued(0, (Why(WhyCode.NO_POINTS_WITHOUT_ACCOUNT),))
    if sale.member.trust < terms.trust.earn:
        params: dict[str, int | str] = {"trust": int(sale.member.trust), "needed": int(terms.trust.earn)}
        return Accrued(0, (Why(WhyCode.NO_POINTS_TRUST_TOO_LOW, params),))
    before_tax_minor = total_minor - sum(tax.amount_minor for tax in taxes)
    return terms.programme.accrual.accrue(AccrualBase(before_tax_minor, total_minor, terms.programme.version))
