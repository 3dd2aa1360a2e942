"""Taxes of the discounted lines.

Included taxes are taken out of the sum of all lines that bear the same set of taxes, and taxes on top are
calculated on the sum of everything they touch: one rounding per tax and sale, never one per line. Several
taxes on top are each calculated on the price before tax, never one on the other.
"""

from collections import defaultdict
from collections.abc import Sequence

from loyalty.domain.catalogue import TaxInclusion, TaxRate
from loyalty.domain.money import PPM, divide_half_up
from loyalty.domain.pricing.quote import QuotedTax
from loyalty.domain.pricing.tax_sets import TaxSet


def quote_taxes(sets: Sequence[TaxSet]) -> tuple[QuotedTax, ...]:
    """Every tax of the sale, ordered by its id."""
    bases: dict[TaxRate, int] = defaultdict(int)
    included: dict[TaxRate, int] = defaultdict(int)
    for tax_set in sets:
        for rate, amount_minor in tax_set.included_minor.items():
            included[rate] += amount_minor
        for rate in tax_set.rates:
            bases[rate] += tax_set.before_tax_minor
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
