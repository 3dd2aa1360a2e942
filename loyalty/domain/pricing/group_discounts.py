"""Discounts of the member's groups: on each line the best one, never two on one line (rows 73, 110)."""

from dataclasses import dataclass

from loyalty.domain.group import Group, GroupDiscount
from loyalty.domain.money import share_of
from loyalty.domain.pricing.quote import DiscountKind, ProposedDiscount, QuotedDiscount
from loyalty.domain.pricing.shares import Covers, OpenAmounts
from loyalty.domain.pricing.terms import PricingTerms
from loyalty.domain.sale import Sale, SaleLine
from loyalty.domain.why import Why, WhyCode


@dataclass(frozen=True, slots=True)
class _Offer:
    group: Group
    discount: GroupDiscount

    def covers(self, line: SaleLine) -> bool:
        scope = self.discount.scope
        return not line.is_gift_card and scope.covers(line.item_id, line.category_id, line.variation_id)


def group_discounts(
    sale: Sale, terms: PricingTerms, amounts: OpenAmounts
) -> tuple[tuple[QuotedDiscount, ...], tuple[ProposedDiscount, ...]]:
    """What is taken off, and what one tap of staff would take off (X15), the largest first."""
    if sale.member is None:
        return (), ()
    by_itself = sale.member.trust >= terms.trust.group_discount
    if not by_itself and sale.member.discount_confirmed_by is None:
        return (), _proposals(terms, amounts)
    code = WhyCode.GROUP_DISCOUNT if by_itself else WhyCode.GROUP_DISCOUNT_CONFIRMED
    taken = []
    for offer, lines in _winners(terms, amounts):
        why = Why(code, _params(offer, lines, amounts))
        wanted = share_of(_left(lines, amounts), offer.discount.rate_ppm)
        amount_minor = amounts.take(wanted, _among(lines))
        taken.append(
            QuotedDiscount(DiscountKind.GROUP, offer.group.id, offer.group.name, amount_minor, (why,))
        )
    return tuple(taken), ()


def _proposals(terms: PricingTerms, amounts: OpenAmounts) -> tuple[ProposedDiscount, ...]:
    proposals = [
        ProposedDiscount(
            offer.group.id,
            offer.group.name,
            offer.discount.rate_ppm,
            share_of(_left(lines, amounts), offer.discount.rate_ppm),
            Why(WhyCode.GROUP_DISCOUNT_PROPOSED, _params(offer, lines, amounts)),
        )
        for offer, lines in _winners(terms, amounts)
    ]
    return tuple(sorted(proposals, key=lambda proposal: -proposal.amount_minor))


def _winners(terms: PricingTerms, amounts: OpenAmounts) -> list[tuple[_Offer, list[SaleLine]]]:
    """Each offer with the lines that it wins: the highest rate, then the older group where two are equal."""
    offers = [_Offer(group, discount) for group in terms.groups for discount in group.discounts]
    offers.sort(key=lambda offer: (-offer.discount.rate_ppm, offer.group.id))
    unclaimed = [line for line in amounts.lines if amounts.left_of(line) > 0]
    winners = []
    for offer in offers:
        won = [line for line in unclaimed if offer.covers(line)]
        unclaimed = [line for line in unclaimed if not offer.covers(line)]
        if won:
            winners.append((offer, won))
    return winners


def _params(offer: _Offer, lines: list[SaleLine], amounts: OpenAmounts) -> dict[str, int | str]:
    return {
        "group": offer.group.name,
        "group_id": str(offer.group.id),
        "rate_ppm": offer.discount.rate_ppm,
        "base_minor": _left(lines, amounts),
    }


def _among(lines: list[SaleLine]) -> Covers:
    ids = {line.id for line in lines}
    return lambda line: line.id in ids


def _left(lines: list[SaleLine], amounts: OpenAmounts) -> int:
    return sum(amounts.left_of(line) for line in lines)
