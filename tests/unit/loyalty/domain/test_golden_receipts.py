"""Receipts checked by hand: the arithmetic stands in each file of ``golden/``."""

import tomllib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from loyalty.domain.accrual import ACCRUAL_RULES, AccrualRule, Grant, ItemRule
from loyalty.domain.country import PRESETS
from loyalty.domain.group import Group, GroupDiscount
from loyalty.domain.parameters import from_parameters
from loyalty.domain.pricing.engine import PricingTerms, price_sale
from loyalty.domain.promotions import INCENTIVES, Promotion, Schedule
from loyalty.domain.refunds import LinesBack, RefundQuote, SaleEarning, SaleMemory, quote_refund
from loyalty.domain.rewards import REWARDS, FreeItem, RewardTerms
from loyalty.domain.sale import Sale, SaleState, TenderKind
from loyalty.domain.settlement import Offer, Settlement, settle
from loyalty.domain.staff_discount import StaffDiscount
from loyalty.domain.trust import Trust
from loyalty.domain.why import Why
from runtime.ids import new_id
from tests.unit.loyalty.domain.build import (
    AT,
    categories,
    items,
    line,
    member,
    named,
    programme,
    reward,
    sale,
)

GOLDEN = Path(__file__).parent / "golden"
FILES = sorted(path.stem for path in GOLDEN.glob("*.toml"))
WITH_REFUND = ["coffee"]


class Golden:
    """One file, as a sale and its terms."""

    def __init__(self, name: str) -> None:
        self.data: dict[str, Any] = tomllib.loads((GOLDEN / f"{name}.toml").read_text(encoding="utf-8"))
        self.preset = PRESETS[self.data["locale"]]
        self.expected: dict[str, Any] = self.data["expected"]
        self.rule = _rule(self.data["rule"])
        self.terms = PricingTerms(
            groups=tuple(_group(each) for each in self.data.get("groups", ())),
            programme=programme(self.rule),
            promotions=tuple(_promotion(each) for each in self.data.get("promotions", ())),
            timezone=self.preset.timezone,
        )
        self.sale = self._sale()

    def _sale(self) -> Sale:
        rates = {rate.id: rate for rate in self.preset.taxes}
        lines = tuple(
            line(
                each["name"],
                each["price"],
                each.get("quantity", 1),
                category=each.get("category"),
                taxes=tuple(rates[tax] for tax in each["taxes"]),
            )
            for each in self.data["lines"]
        )
        ids = {each.name: each.id for each in lines}
        discounts = tuple(
            StaffDiscount(
                new_id(),
                named("staff"),
                each["reason"],
                each.get("rate_ppm"),
                each.get("amount"),
                ids.get(each.get("line")),
            )
            for each in self.data.get("staff_discounts", ())
        )
        rewards = tuple(
            reward(each["points"], _terms(each["terms"]), each["name"])
            for each in self.data.get("rewards", ())
        )
        return sale(*lines, who=member(Trust(self.data["trust"])), rewards=rewards, discounts=discounts)


@pytest.mark.parametrize("name", FILES)
def test_a_receipt_comes_to_what_was_reckoned_by_hand(name: str) -> None:
    # rows 73, 81, 110, 130, 131, 134, 173, 198
    golden = Golden(name)
    expected, quote = golden.expected, price_sale(golden.sale, golden.terms)
    assert quote.subtotal_minor == expected["subtotal"]
    assert [[each.name, each.amount_minor] for each in quote.discounts] == expected["discounts"]
    assert {each.name: each.net_minor for each in quote.lines} == expected["net"]
    assert {tax.id: [tax.base_minor, tax.amount_minor] for tax in quote.taxes} == expected["taxes"]
    assert quote.total_minor == expected["total"]
    assert quote.points_to_earn == expected["points_to_earn"]
    assert quote.points_to_redeem == expected["points_to_redeem"]
    reasons = (*(why for each in quote.discounts for why in each.why), *quote.points_why)
    assert _texts(reasons) == expected["why"]


@pytest.mark.parametrize("name", FILES)
def test_a_receipt_is_paid_as_was_reckoned_by_hand(name: str) -> None:
    # rows 163, 198
    golden = Golden(name)
    offers = [Offer(TenderKind(each["kind"]), each["amount"]) for each in golden.data["offers"]]
    settled = settle(
        price_sale(golden.sale, golden.terms).total_minor,
        offers,
        tip_minor=golden.data.get("tip", 0),
        smallest_coin_minor=golden.preset.smallest_coin_minor,
    )
    assert isinstance(settled, Settlement)
    assert [[each.kind.value, each.amount_minor] for each in settled.tenders] == golden.expected["tenders"]
    assert settled.cash_rounding_minor == golden.expected["cash_rounding"]
    assert settled.change_minor == golden.expected["change"]


@pytest.mark.parametrize("name", WITH_REFUND)
def test_what_comes_back_is_what_was_reckoned_by_hand(name: str) -> None:
    # row 175
    golden = Golden(name)
    wanted = golden.data["refund"]
    done = replace(golden.sale, state=SaleState.COMPLETED, closed_at=AT)
    memory = SaleMemory(done, price_sale(golden.sale, golden.terms), earning=SaleEarning(golden.rule, 1))
    ids = {each.name: each.id for each in done.lines}
    refund = quote_refund(
        memory, LinesBack(tuple((ids[each], units) for each, units in wanted["lines"].items()))
    )
    assert isinstance(refund, RefundQuote)
    assert refund.amount_minor == wanted["amount"]
    assert refund.base_points + refund.promotion_points == wanted["points"]
    assert refund.is_whole is wanted["is_whole"]
    assert _texts(refund.why) == wanted["why"]


def _texts(reasons: Iterable[Why]) -> list[str]:
    """Each reason with its parameters; ids, which differ from run to run, are left out."""
    return sorted(
        " ".join(
            [
                why.code.value,
                *(f"{key}={value}" for key, value in sorted(why.params.items()) if not _is_id(key)),
            ]
        )
        for why in reasons
    )


def _is_id(key: str) -> bool:
    return key.endswith("_id") or key == "given_by"


def _rule(data: dict[str, Any]) -> AccrualRule:
    if data["kind"] == ItemRule.kind:
        return ItemRule(tuple(Grant(named(name), points) for name, points in data["points"].items()))
    stored = {key: value for key, value in data.items() if key != "excluded_items"}
    stored["excluded_item_ids"] = [str(named(name)) for name in data.get("excluded_items", ())]
    return from_parameters(ACCRUAL_RULES, stored)


def _terms(data: dict[str, Any]) -> RewardTerms:
    if data["kind"] == FreeItem.kind:
        return FreeItem(items(*data["items"]))
    return from_parameters(REWARDS, data)


def _group(data: dict[str, Any]) -> Group:
    discounts = [
        GroupDiscount(each["rate_ppm"], categories(*each["categories"]))
        if "categories" in each
        else GroupDiscount(each["rate_ppm"])
        for each in data["discounts"]
    ]
    return Group(named(f"group {data['name']}"), data["name"], discounts[0], tuple(discounts[1:]))


def _promotion(data: dict[str, Any]) -> Promotion:
    return Promotion(
        id=named(data["name"]),
        name=data["name"],
        incentive=from_parameters(INCENTIVES, data["incentive"]),
        schedule=Schedule(date(2026, 1, 1)),
        created_at=AT - timedelta(days=30),
    )
