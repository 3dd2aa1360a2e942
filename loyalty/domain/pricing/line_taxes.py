"""Each line's part of the taxes: what points by item, exclusions and refunds are reckoned from."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from loyalty.domain.catalogue import TaxInclusion, TaxRate
from loyalty.domain.money import split_in_proportion
from loyalty.domain.pricing.quote import LineTax, QuotedTax
from loyalty.domain.pricing.shares import OpenAmounts
from loyalty.domain.pricing.tax_sets import TaxSet


@dataclass(frozen=True, slots=True)
class TaxedLine:
    """One line after all discounts, with its taxes by their ids."""

    before_tax_minor: int
    after_tax_minor: int
    taxes: tuple[LineTax, ...]


def taxed_lines(
    amounts: OpenAmounts, sets: Sequence[TaxSet], taxes: Sequence[QuotedTax]
) -> dict[UUID, TaxedLine]:
    """The sale's taxes shared out to its lines; the shares add up to the taxes to the cent."""
    before: dict[UUID, int] = {}
    of_line: dict[UUID, dict[str, int]] = {line.id: {} for line in amounts.lines}
    for tax_set in sets:
        _share_out_included(amounts, tax_set, before, of_line)
    for tax in taxes:
        if tax.inclusion is TaxInclusion.ON_TOP:
            bearing = [line.id for line in amounts.lines if any(_is(rate, tax) for rate in line.tax_rates)]
            shares = split_in_proportion(tax.amount_minor, [before[line_id] for line_id in bearing])
            for line_id, share in zip(bearing, shares, strict=True):
                of_line[line_id][tax.id] = of_line[line_id].get(tax.id, 0) + share
    return {
        line_id: TaxedLine(
            before_tax_minor=before[line_id],
            after_tax_minor=before[line_id] + sum(of_taxes.values()),
            taxes=tuple(LineTax(tax_id, amount) for tax_id, amount in sorted(of_taxes.items())),
        )
        for line_id, of_taxes in of_line.items()
    }


def _share_out_included(
    amounts: OpenAmounts, tax_set: TaxSet, before: dict[UUID, int], of_line: dict[UUID, dict[str, int]]
) -> None:
    """Every line gets at least nothing and at most what is inside its price, so no part is negative."""
    left = [amounts.left_of(line) for line in tax_set.lines]
    befores = split_in_proportion(tax_set.before_tax_minor, left)
    inside = [whole - part for whole, part in zip(left, befores, strict=True)]
    for line, part in zip(tax_set.lines, befores, strict=True):
        before[line.id] = part
    for rate, amount_minor in tax_set.included_minor.items():
        shares = split_in_proportion(amount_minor, inside)
        inside = [rest - share for rest, share in zip(inside, shares, strict=True)]
        for line, share in zip(tax_set.lines, shares, strict=True):
            of_line[line.id][rate.id] = share


def _is(rate: TaxRate, tax: QuotedTax) -> bool:
    return (rate.id, rate.rate_ppm, rate.inclusion) == (tax.id, tax.rate_ppm, tax.inclusion)
