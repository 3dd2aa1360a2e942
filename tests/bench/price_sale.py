"""Prices a large sale: 50 lines, 10 discounts, 5 rewards, taxes, points and a promotion, with every why.

Baseline: adding up the same 50 lines and nothing else, which is what a till without rules would do.
"""

import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from loyalty.domain.accrual import AmountRule
from loyalty.domain.catalogue import TaxInclusion, TaxRate
from loyalty.domain.group import DiscountScope, Group, GroupDiscount, ScopeKind
from loyalty.domain.identification import IdentificationMethod
from loyalty.domain.money import Currency
from loyalty.domain.pricing.engine import price_sale
from loyalty.domain.pricing.terms import PricingTerms
from loyalty.domain.programme import PointsName, ProgrammeVersion
from loyalty.domain.promotions import PointsMultiplier, Promotion, Schedule
from loyalty.domain.rewards import (
    AmountOffItems,
    AmountOffSale,
    FreeItem,
    PercentageOffItems,
    PercentageOffSale,
    RewardTerms,
)
from loyalty.domain.sale import Sale, SaleLine, SaleMember, SaleReward
from loyalty.domain.staff_discount import StaffDiscount
from loyalty.domain.trust import Trust
from runtime.ids import new_id
from tests.bench.figures import percentile_ms

_RUNS = 300
_WARM_UP = 20
_AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
_TAXES = (
    TaxRate("tva-5.5", "TVA 5,5 %", 55_000, TaxInclusion.INCLUDED),
    TaxRate("tva-20", "TVA 20 %", 200_000, TaxInclusion.INCLUDED),
    TaxRate("gst", "GST", 50_000, TaxInclusion.ON_TOP),
)


def run(folder: Path) -> dict[str, Any]:
    """Measure; the figures of the line that is printed."""
    sale, terms = large_sale()
    took, bare = [], []
    for number in range(_RUNS + _WARM_UP):
        fresh = replace(sale, version=number + 1)  # the same sale again is remembered, not reckoned
        start = time.perf_counter()
        quote = price_sale(fresh, terms)
        middle = time.perf_counter()
        sum(line.unit_price_minor * line.quantity for line in sale.lines)
        end = time.perf_counter()
        if number >= _WARM_UP:
            took.append(middle - start)
            bare.append(end - middle)
    return {
        "n": _RUNS,
        "lines": len(sale.lines),
        "discounts": len([each for each in quote.discounts if each.amount_minor > 0]),
        "rewards": len(sale.rewards),
        "p50_ms": percentile_ms(took, 50),
        "p99_ms": percentile_ms(took, 99),
        "adding_up_p50_ms": percentile_ms(bare, 50),
    }


def large_sale() -> tuple[Sale, PricingTerms]:
    """A sale on which five rewards and ten other discounts take something off."""
    shelves = [new_id() for _ in range(5)]
    items = [new_id() for _ in range(50)]
    lines = tuple(
        SaleLine(
            id=new_id(),
            item_id=item,
            name=f"Article {number}",
            unit_price_minor=500 + 37 * number,
            quantity=1 + number % 4,
            category_id=shelves[number % 5],
            tax_rates=(_TAXES[number % 3],),
        )
        for number, item in enumerate(items)
    )
    groups = tuple(
        Group(
            new_id(),
            f"Groupe {number}",
            GroupDiscount(20_000 * (number + 1), DiscountScope(ScopeKind.CATEGORY, frozenset({shelf}))),
        )
        for number, shelf in enumerate(shelves)
    )
    by_line = [
        StaffDiscount(new_id(), new_id(), "abîmé", rate_ppm=50_000, line_id=line.id) for line in lines[:3]
    ]
    by_sale = [
        StaffDiscount(new_id(), new_id(), "geste", rate_ppm=10_000),
        StaffDiscount(new_id(), new_id(), "geste", amount_minor=300),
    ]
    some = DiscountScope(ScopeKind.ITEM, frozenset(items[:10]))
    shelf = DiscountScope(ScopeKind.CATEGORY, frozenset({shelves[0]}))
    kinds: tuple[RewardTerms, ...] = (
        FreeItem(some),
        PercentageOffItems(100_000, shelf),
        AmountOffItems(250, some),
        PercentageOffSale(50_000, 2_000),
        AmountOffSale(500),
    )
    rewards = tuple(
        SaleReward(new_id(), new_id(), f"Cadeau {number}", 10, terms) for number, terms in enumerate(kinds)
    )
    member = SaleMember(
        new_id(), new_id(), new_id(), IdentificationMethod.SIGNED_CARD, Trust.SIGNED, session_id=None
    )
    sale = Sale(
        id=new_id(),
        lane_id=new_id(),
        currency=Currency("EUR"),
        opened_at=_AT,
        lines=lines,
        member=member,
        rewards=rewards,
        discounts=(*by_line, *by_sale),
    )
    programme = ProgrammeVersion(1, _AT, AmountRule(100), PointsName("point", "points"), ())
    promotion = Promotion(new_id(), "Double", PointsMultiplier(2000), Schedule(date(2026, 1, 1)), _AT)
    return sale, PricingTerms(groups, programme, promotions=(promotion,), timezone="Europe/Paris")
