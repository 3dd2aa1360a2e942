"""Lines that bear the same taxes, and what is inside their prices."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from loyalty.domain.catalogue import TaxInclusion, TaxRate
from loyalty.domain.money import PPM, divide_half_up, split_in_proportion
from loyalty.domain.pricing.shares import OpenAmounts
from loyalty.domain.sale import SaleLine


@dataclass(frozen=True, slots=True)
class TaxSet:
    """All lines of one set of taxes: the unit in which included taxes are taken out, rounded once."""

    rates: tuple[TaxRate, ...]
    lines: tuple[SaleLine, ...]
    before_tax_minor: int
    included_minor: Mapping[TaxRate, int]


def tax_sets(amounts: OpenAmounts) -> tuple[TaxSet, ...]:
    """The sale's lines by the taxes they bear; every line is in exactly one set."""
    by_rates: dict[tuple[TaxRate, ...], list[SaleLine]] = defaultdict(list)
    for line in amounts.lines:
        by_rates[tuple(sorted(line.tax_rates, key=lambda rate: rate.id))].append(line)
    return tuple(_tax_set(rates, tuple(lines), amounts) for rates, lines in by_rates.items())


def _tax_set(rates: tuple[TaxRate, ...], lines: tuple[SaleLine, ...], amounts: OpenAmounts) -> TaxSet:
    sum_minor = sum(amounts.left_of(line) for line in lines)
    inside = [rate for rate in rates if rate.inclusion is TaxInclusion.INCLUDED]
    inside_ppm = sum(rate.rate_ppm for rate in inside)
    before_minor = divide_half_up(sum_minor * PPM, PPM + inside_ppm)
    shares = split_in_proportion(sum_minor - before_minor, [rate.rate_ppm for rate in inside])
    return TaxSet(rates, lines, before_minor, dict(zip(inside, shares, strict=True)))
