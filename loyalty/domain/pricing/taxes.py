"""Taxes of the discounted lines.

Included taxes are taken out of the sum of all lines that bear the same set of taxes, and taxes on top are
calculated on the sum of everything they touch: one rounding per tax and sale, never one per line.
"""

from collections import defaultdict

from loyalty.domain.catalogue import TaxInclusion, TaxRate
from loyalty.domain.money import PPM, divide_half_up, split_in_proportion
from loyalty.domain.pricing.quote import QuotedTax
from loyalty.domain.pricing.shares import OpenAmounts


def quote_taxes(amounts: OpenAmounts) -> tuple[QuotedTax, ...]:
    """Every tax of the sale, ordered by its id."""
    by_set: dict[tuple[TaxRate, ...], int] = defaultdict(int)
    for line in amounts.lines:
        by_set[tuple(sorted(line.tax_rates, key=lambda rate: rate.id))] += amounts.left_of(line)
    bases: dict[TaxRate, int] = defaultdict(int)
    included: dict[TaxRate, int] = defaultdict(int)
    for rates, sum_minor in by_set.items():
        inside = [rate for rate in rates if rate.inclusion is TaxInclusion.INCLUDED]
        inside_ppm = sum(rate.rate_ppm for rate in inside)
        before_minor = divide_half_up(sum_minor * PPM, PPM + inside_ppm)
        shares = split_in_proportion(sum_minor - before_minor, [rate.rate_ppm for rate in inside])
        for rate, share in zip(inside, shares, strict=True):
            included[rate] += share
        for rate in rates:
            bases[rate] += before_minor
    return tuple(
        _quoted(rate, base_minor, included.get(rate))
        for rate, base_minor in sorted(bases.items(), key=_by_id)
    )


def _quoted(rate: TaxRate, base_minor: int, included_minor: int | None) -> QuotedTax:
    if rate.inclusion is TaxInclusion.INCLUDED:
        amount_minor = included_minor or 0
    else:
        amount_minor = divide_half_up(base_minor * rate.rate_ppm, PPM)
    return QuotedTax(rate.id, rate.name, rate.rate_ppm, rate.inclusion, base_minor, amount_minor)


def _by_id(entry: tuple[TaxRate, int]) -> tuple[str, int]:
    return (entry[0].id, entry[0].rate_ppm)
