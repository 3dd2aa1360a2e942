"""Runs every example of docs/rules.md."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from loyalty.domain.accrual import AccrualRule, AmountRule, Grant, ItemRule, VisitRule
from loyalty.domain.calendar import local_date, start_of_day
from loyalty.domain.catalogue import TaxInclusion, TaxRate
from loyalty.domain.expiry import NEVER, DaysAfter, ExpiryPolicy, MonthsToEnd
from loyalty.domain.group import DiscountScope, Group, GroupDiscount
from loyalty.domain.pricing.engine import PricingTerms, price_sale
from loyalty.domain.pricing.quote import Quote
from loyalty.domain.promotions import PointsAddition, PointsMultiplier, Promotion, Schedule
from loyalty.domain.refunds import (
    LinesBack,
    RefundQuote,
    SaleEarning,
    SaleMemory,
    WholeSaleBack,
    quote_refund,
)
from loyalty.domain.rewards import AmountOffSale, FreeItem, PercentageOffItems, PercentageOffSale, RewardTerms
from loyalty.domain.sale import SaleLine, SaleReward, SaleState, TenderKind
from loyalty.domain.settlement import Offer, Settlement, settle
from loyalty.domain.staff_discount import StaffDiscount
from loyalty.domain.trust import Trust
from runtime.ids import new_id
from tests.unit.loyalty.domain.build import (
    AT,
    GST,
    PARIS,
    QST,
    categories,
    items,
    line,
    member,
    named,
    programme,
    sale,
)

DOCUMENT = (Path(__file__).parents[4] / "docs" / "rules.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```example\n(.*?)```", DOCUMENT, re.DOTALL)
TAXES = {"GST": GST, "QST": QST} | {
    f"VAT {rate}": TaxRate(f"VAT {rate}", f"VAT {rate}", ppm, TaxInclusion.INCLUDED)
    for rate, ppm in (("5.5", 55_000), ("10", 100_000), ("20", 200_000))
}


@dataclass
class Example:
    """One block: what is on the sale, and what it should come to."""

    lines: list[SaleLine] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    staff: list[StaffDiscount] = field(default_factory=list)
    rewards: list[SaleReward] = field(default_factory=list)
    promotions: list[Promotion] = field(default_factory=list)
    rule: AccrualRule = field(default_factory=lambda: AmountRule(100))
    trust: Trust = Trust.SIGNED
    refund: str | None = None
    expected: dict[str, str] = field(default_factory=dict)

    def line_id(self, name: str | None) -> SaleLine | None:
        return next((each for each in self.lines if each.name == name), None)

    def memory(self) -> SaleMemory:
        basket = sale(
            *self.lines, who=member(self.trust), rewards=tuple(self.rewards), discounts=tuple(self.staff)
        )
        terms = PricingTerms(
            groups=tuple(self.groups), programme=programme(self.rule), promotions=tuple(self.promotions)
        )
        done = replace(basket, state=SaleState.COMPLETED)
        return SaleMemory(done, price_sale(basket, terms), earning=SaleEarning(self.rule, 1))


def cents(text: str) -> int:
    sign = -1 if text.startswith("-") else 1
    whole, _, part = text.lstrip("-").partition(".")
    assert len(part) == 2, text
    return sign * (int(whole) * 100 + int(part))


def ppm(text: str) -> int:
    return round(float(text) * 10_000)


def money(amount_minor: int) -> str:
    return f"{'-' if amount_minor < 0 else ''}{abs(amount_minor) // 100}.{abs(amount_minor) % 100:02d}"


def scope(text: str) -> DiscountScope:
    return categories(text.removeprefix("in ")) if text.startswith("in ") else items(text)


def on_group(example: Example, rate: str, shelf: str | None) -> None:
    covered = categories(shelf) if shelf else DiscountScope()
    name = f"Group {len(example.groups)}"
    example.groups.append(Group(named(name), name, GroupDiscount(ppm(rate), covered)))


def on_staff(example: Example, rate: str | None, amount: str | None, name: str | None) -> None:
    on_line = example.line_id(name)
    example.staff.append(
        StaffDiscount(
            new_id(),
            named("staff"),
            "Gesture",
            ppm(rate) if rate else None,
            cents(amount) if amount else None,
            on_line.id if on_line else None,
        )
    )


def on_reward(example: Example, terms: RewardTerms) -> None:
    example.rewards.append(SaleReward(new_id(), new_id(), f"Reward {len(example.rewards)}", 10, terms))


def on_promotion(example: Example, older: str | None, sign: str, number: str) -> None:
    incentive = PointsMultiplier(round(float(number) * 1000)) if sign == "x" else PointsAddition(int(number))
    age = timedelta(days=9 if older else 1)
    example.promotions.append(
        Promotion(new_id(), "Promotion", incentive, Schedule(date(2026, 1, 1)), AT - age)
    )


def on_items(example: Example, grants: str) -> None:
    pairs = [each.rsplit(" ", 1) for each in grants.split(", ")]
    example.rule = ItemRule(tuple(Grant(named(name), int(points)) for name, points in pairs))


def on_visit(example: Example, points: str, minimum: str, excluded: str | None) -> None:
    left_out = (named(excluded),) if excluded else ()
    example.rule = VisitRule(int(points), cents(minimum), excluded_item_ids=left_out)


def on_line(
    example: Example, quantity: str | None, name: str, price: str, category: str | None, taxes: str | None
) -> None:
    rates = tuple(TAXES[each] for each in taxes.split(" and ")) if taxes else ()
    example.lines.append(line(name, cents(price), int(quantity or 1), category=category, taxes=rates))


def on_gift_card(example: Example, name: str, price: str) -> None:
    example.lines.append(replace(line(name, cents(price)), is_gift_card=True))


PHRASES: list[tuple[str, Callable[..., None]]] = [
    (r"typed number", lambda example: setattr(example, "trust", Trust.TYPED)),
    (r"group ([\d.]+) %(?: on (.+))?", on_group),
    (r"staff (?:([\d.]+) %|([\d.]+))(?: off (.+))?", on_staff),
    (
        r"reward ([\d.]+) % off the sale",
        lambda example, rate: on_reward(example, PercentageOffSale(ppm(rate))),
    ),
    (
        r"reward ([\d.]+) off the sale",
        lambda example, amount: on_reward(example, AmountOffSale(cents(amount))),
    ),
    (
        r"reward ([\d.]+) % off (.+)",
        lambda example, rate, part: on_reward(example, PercentageOffItems(ppm(rate), scope(part))),
    ),
    (
        r"reward free (.+?)(?: up to ([\d.]+))?",
        lambda example, part, top: on_reward(
            example, FreeItem(scope(part), ceiling_minor=cents(top) if top else None)
        ),
    ),
    (r"gift card (.+?) (\d+\.\d\d)", on_gift_card),
    (r"(older )?promotion (x|\+) ([\d.]+)", on_promotion),
    (
        r"rule (\d+) points? per ([\d.]+)",
        lambda example, points, tranche: setattr(example, "rule", AmountRule(cents(tranche), int(points))),
    ),
    (r"rule (\d+) points? for a visit over ([\d.]+)(?: without (.+))?", on_visit),
    (r"rule items (.+)", on_items),
    (r"refund (.+)", lambda example, what: setattr(example, "refund", what)),
    (
        r"(discounts|to pay|proposed|points|costs|tax [\w .]+|money back|points back|rewards back): (.+)",
        lambda example, what, value: example.expected.__setitem__(what, value),
    ),
    (r"(?:(\d+) x )?(.+?) (\d+\.\d\d)(?: in (.+?))?(?: with (.+))?", on_line),
]


def read(block: str) -> Example:
    example = Example()
    for text in block.strip().splitlines():
        for pattern, apply in PHRASES:
            found = re.fullmatch(pattern, text)
            if found:
                apply(example, *found.groups())
                break
        else:
            pytest.fail(f"an example of docs/rules.md says {text!r}, which means nothing")
    return example


def results(quote: Quote) -> dict[str, str]:
    proposed = quote.proposal.amount_minor if quote.proposal else 0
    taxes = {f"tax {_tax_name(tax.id)}": money(tax.amount_minor) for tax in quote.taxes}
    return {
        "discounts": ", ".join(money(each.amount_minor) for each in quote.discounts),
        "to pay": money(quote.total_minor),
        "proposed": money(proposed),
        "points": str(quote.points_to_earn),
        "costs": str(quote.points_to_redeem),
        **taxes,
    }


def _tax_name(tax_id: str) -> str:
    return tax_id.upper() if tax_id in ("gst", "qst") else tax_id


@pytest.mark.parametrize("block", EXAMPLES)
def test_an_example_of_the_document_is_true(block: str) -> None:
    # rows 120, 128-131, 134, 149; gift cards are part of row 206
    example = read(block)
    memory = example.memory()
    found = results(memory.quote)
    if example.refund is not None:
        one = example.line_id(example.refund)
        request = LinesBack(((one.id, one.quantity),)) if one is not None else WholeSaleBack()
        refund = quote_refund(memory, request)
        assert isinstance(refund, RefundQuote)
        found["money back"] = money(refund.amount_minor)
        found["points back"] = str(refund.base_points)
        found["rewards back"] = str(len(refund.returned_reward_ids))
    assert example.expected, "an example that claims nothing"
    assert {key: found.get(key) for key in example.expected} == example.expected


def table(heading: str) -> list[list[str]]:
    """Rows of the table whose first column has this heading."""
    rows = [row for row in DOCUMENT.splitlines() if row.startswith("|")]
    start = next(index for index, row in enumerate(rows) if row.startswith(f"| {heading} |"))
    columns = rows[start].count("|")
    body = []
    for row in rows[start + 2 :]:
        if row.count("|") != columns or row.startswith("| earned on"):
            break
        body.append([cell.strip() for cell in row.strip("|").split("|")])
    return body


@pytest.mark.parametrize("row", table("due"), ids="-".join)
def test_the_table_of_coins_is_true(row: list[str]) -> None:
    # row 198
    due, by_card, coin, cash_due, rounding = (cents(cell) for cell in row)
    offers = [Offer(TenderKind.CASH, due + 5)] if by_card < due else []
    if by_card:
        offers.append(Offer(TenderKind.CARD, by_card))
    settled = settle(due, offers, smallest_coin_minor=coin)
    assert isinstance(settled, Settlement)
    cash = sum(each.amount_minor for each in settled.tenders if each.kind is TenderKind.CASH)
    assert (cash, settled.cash_rounding_minor) == (cash_due, rounding)


@pytest.mark.parametrize("row", table("earned on"), ids="-".join)
def test_the_table_of_expiry_is_true(row: list[str]) -> None:
    # row 164
    earned_on, words, last_day = row
    number, _, unit = words.partition(" ")
    policies: dict[str, Callable[[], ExpiryPolicy]] = {
        "month": lambda: MonthsToEnd(int(number)),
        "months": lambda: MonthsToEnd(int(number)),
        "days": lambda: DaysAfter(int(number)),
        "": lambda: NEVER,
    }
    earned_at: datetime = start_of_day(date.fromisoformat(earned_on), PARIS) + timedelta(hours=12)
    expires_at = policies[unit]().expires_at(earned_at, PARIS)
    if not last_day:
        assert expires_at is None
    else:
        assert expires_at is not None
        assert local_date(expires_at - timedelta(seconds=1), PARIS).isoformat() == last_day


def test_the_document_has_examples_of_everything_that_it_explains() -> None:
    assert len(EXAMPLES) >= 20
    assert len(table("due")) == 6
    assert len(table("earned on")) == 5
