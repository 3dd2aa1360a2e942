"""Rewards on a sale: free items, then percentages, then amounts, the narrow before the wide."""

import json
from collections.abc import Iterable
from fractions import Fraction

from loyalty.domain.parameters import to_parameters
from loyalty.domain.pricing.quote import DiscountKind, QuotedDiscount
from loyalty.domain.pricing.shares import Covers, OpenAmounts, PickedUnits
from loyalty.domain.rewards import RewardTerms
from loyalty.domain.sale import Sale, SaleReward
from loyalty.domain.why import Why, WhyCode


def reward_discounts(sale: Sale, amounts: OpenAmounts) -> tuple[QuotedDiscount, ...]:
    """All rewards attached, in an order that depends on what they are, never on when they came.

    A unit is given once. So of the rewards that go to units the one that takes most off a unit comes first:
    else a small reward would be in the way of a great one, and the sale dearer for having both.
    """
    waiting, discounts = sorted(sale.rewards, key=_order), []
    while waiting:
        reward = waiting[0]
        if reward.terms.units is not None:
            rivals = (other for other in waiting if other.terms.units is not None)
            reward = max(rivals, key=lambda rival: _off_a_unit(rival.terms, amounts))
        waiting.remove(reward)
        discounts.append(_reward_discount(reward, amounts))
    return tuple(discounts)


def _off_a_unit(terms: RewardTerms, amounts: OpenAmounts) -> Fraction:
    """What it would take off each of the units that it would go to now, in minor units."""
    picked = amounts.pick(_covers(terms), terms.units or 0)
    if not picked:
        return Fraction(0)
    wanted = terms.quote(sum(part.left_minor for part in picked))
    if terms.ceiling_minor is not None:
        wanted = min(wanted, terms.ceiling_minor)
    return Fraction(wanted, sum(part.units for part in picked))


def effective_rewards(sale: Sale, discounts: Iterable[QuotedDiscount]) -> tuple[SaleReward, ...]:
    """The rewards that take something off: one without effect costs no points."""
    effective = {
        discount.source_id
        for discount in discounts
        if discount.kind is DiscountKind.REWARD and discount.amount_minor > 0
    }
    return tuple(reward for reward in sale.rewards if reward.id in effective)


def _order(reward: SaleReward) -> tuple[object, ...]:
    terms = json.dumps(to_parameters(reward.terms), sort_keys=True)
    return (reward.terms.order, reward.points, reward.tier_id, terms, reward.id)


def _reward_discount(reward: SaleReward, amounts: OpenAmounts) -> QuotedDiscount:
    terms = reward.terms
    covers = _covers(terms)
    picked = amounts.pick(covers, terms.units) if terms.units is not None else None
    base_minor = amounts.total(covers) if picked is None else sum(part.left_minor for part in picked)
    wanted = terms.quote(base_minor)
    why = [_reward_why(reward, base_minor)]
    if picked:
        why.append(_units_why(reward, picked))
    if terms.ceiling_minor is not None and wanted > terms.ceiling_minor:
        params: dict[str, int | str] = {
            "tier": reward.name,
            "ceiling_minor": terms.ceiling_minor,
            "uncut_minor": wanted,
        }
        why.append(Why(WhyCode.REWARD_CUT_TO_CEILING, params))
        wanted = terms.ceiling_minor
    taken = amounts.take(wanted, covers) if picked is None else amounts.take_from_units(wanted, picked)
    if taken == 0:
        why.append(Why(WhyCode.REWARD_WITHOUT_EFFECT, {"tier": reward.name}))
    elif taken < wanted:
        params = {"tier": reward.name, "base_minor": base_minor, "uncut_minor": wanted}
        why.append(Why(WhyCode.REWARD_CUT_TO_BASE, params))
    return QuotedDiscount(DiscountKind.REWARD, reward.id, reward.name, taken, tuple(why))


def _reward_why(reward: SaleReward, base_minor: int) -> Why:
    params: dict[str, int | str] = {
        "tier": reward.name,
        "tier_id": str(reward.tier_id),
        "points": reward.points,
        "base_minor": base_minor,
    }
    return Why(WhyCode.REWARD, params)


def _units_why(reward: SaleReward, picked: tuple[PickedUnits, ...]) -> Why:
    names = ", ".join(sorted({part.line.name for part in picked}))
    units = sum(part.units for part in picked)
    return Why(WhyCode.REWARD_UNITS, {"tier": reward.name, "items": names, "units": units})


def _covers(terms: RewardTerms) -> Covers:
    """Never a gift card: that would turn a reward into money, and the money into points."""
    return lambda line: (
        not line.is_gift_card and terms.scope.covers(line.item_id, line.category_id, line.variation_id)
    )
