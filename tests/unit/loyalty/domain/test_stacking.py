"""What holds for every sale, whatever is on it."""

import random as randoms
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.domain.accrual import AmountRule, CategoryRule, Grant, ItemRule, VisitRule
from loyalty.domain.catalogue import TaxInclusion, TaxRate
from loyalty.domain.group import Group, GroupDiscount
from loyalty.domain.pricing.engine import PricingTerms, price_sale
from loyalty.domain.pricing.quote import DiscountKind, Quote
from loyalty.domain.rewards import (
    AmountOffItems,
    AmountOffSale,
    FreeItem,
    PercentageOffItems,
    PercentageOffSale,
)
from loyalty.domain.sale import Sale, SaleLine
from loyalty.domain.staff_discount import StaffDiscount, checked_reason
from loyalty.domain.trust import Trust
from loyalty.domain.why import WhyCode
from loyalty.errors import InvalidValueError
from runtime.ids import new_id
from tests.unit.loyalty.domain.build import (
    GST,
    QST,
    VAT_10,
    VAT_20,
    VAT_55,
    categories,
    group,
    items,
    line,
    member,
    named,
    programme,
    reward,
    sale,
    terms,
)

ECO = TaxRate("eco", "Éco-contribution", 15_000, TaxInclusion.INCLUDED)
LINES = st.builds(
    lambda name, price, quantity, category, taxes: line(
        name, price, quantity, category=category, taxes=taxes
    ),
    st.sampled_from(["Café", "Thé", "Livre", "Tarte"]),
    st.one_of(st.integers(0, 300), st.integers(0, 500_00)),
    st.integers(1, 12),
    st.sampled_from(["Chaud", "Froid", None]),
    st.sampled_from([(), (VAT_55,), (VAT_10,), (VAT_20, ECO), (GST, QST), (GST,), (VAT_20, GST)]),
)
SCOPES = st.one_of(
    st.builds(items, st.sampled_from(["Café", "Thé", "Livre"])),
    st.builds(categories, st.sampled_from(["Chaud", "Froid"])),
)
RATES = st.integers(1, 1_000_000)
CEILINGS = st.none() | st.integers(1, 2000)
UNITS = st.none() | st.integers(1, 4)
TERMS = st.one_of(
    st.builds(PercentageOffSale, RATES, CEILINGS),
    st.builds(AmountOffSale, st.integers(1, 300_00), CEILINGS),
    st.builds(PercentageOffItems, RATES, SCOPES, UNITS, CEILINGS),
    st.builds(AmountOffItems, st.integers(1, 50_00), SCOPES, UNITS, CEILINGS),
    st.builds(FreeItem, SCOPES, st.integers(1, 3), CEILINGS),
)
REWARDS = st.builds(reward, st.integers(1, 50), TERMS)
GROUPS = st.builds(
    lambda name, rate, scope: group(rate, name, scope),
    st.sampled_from(["Amis", "Ski", "Club"]),
    RATES,
    st.none() | SCOPES,
)
RULES = st.sampled_from(
    [
        AmountRule(100),
        VisitRule(1, 500),
        ItemRule((Grant(named("Café"), 1), Grant(named("Livre"), 2))),
        CategoryRule((Grant(named("Chaud"), 3),)),
    ]
)


@st.composite
def baskets(draw: st.DrawFn) -> tuple[Sale, PricingTerms]:
    lines = draw(st.lists(LINES, min_size=1, max_size=8))
    discounts = [
        draw(
            st.one_of(
                st.builds(_discount, st.none() | st.sampled_from(lines), RATES, st.none()),
                st.builds(_discount, st.none() | st.sampled_from(lines), st.none(), st.integers(1, 50_00)),
            )
        )
        for _ in range(draw(st.integers(0, 3)))
    ]
    basket = sale(
        *lines,
        who=member(draw(st.sampled_from([Trust.TYPED, Trust.SIGNED]))),
        rewards=tuple(draw(st.lists(REWARDS, max_size=5))),
        discounts=tuple(discounts),
    )
    groups = draw(st.lists(GROUPS, max_size=3, unique_by=lambda each: each.id))
    return basket, terms(*groups, rule=draw(RULES))


def _discount(on: SaleLine | None, rate: int | None, amount: int | None) -> StaffDiscount:
    return StaffDiscount(new_id(), named("staff"), "Abîmé", rate, amount, on.id if on is not None else None)


@given(baskets())
def test_every_quote_adds_up_to_the_cent_line_by_line(drawn: tuple[Sale, PricingTerms]) -> None:
    basket, conditions = drawn
    quote = price_sale(basket, conditions)
    on_top = sum(tax.amount_minor for tax in quote.taxes if tax.inclusion is TaxInclusion.ON_TOP)
    assert quote.total_minor == quote.subtotal_minor - quote.discount_minor + on_top
    assert sum(each.net_minor for each in quote.lines) == quote.subtotal_minor - quote.discount_minor
    assert sum(each.after_tax_minor for each in quote.lines) == quote.total_minor
    assert sum(each.before_tax_minor for each in quote.lines) == quote.before_tax_minor
    for tax in quote.taxes:
        parts = [part.amount_minor for each in quote.lines for part in each.taxes if part.id == tax.id]
        assert sum(parts) == tax.amount_minor
        assert min(parts) >= 0
    for each in quote.lines:
        assert 0 <= each.before_tax_minor <= each.net_minor <= each.gross_minor
        assert each.after_tax_minor == each.before_tax_minor + sum(part.amount_minor for part in each.taxes)
        assert 0 <= each.paid_quantity <= each.quantity
        assert (each.paid_quantity == 0) >= (each.net_minor == 0)
    assert all(discount.amount_minor >= 0 and discount.why for discount in quote.discounts)
    assert quote.points_why


@given(baskets(), st.randoms(use_true_random=False))
def test_the_order_of_adding_attaching_and_joining_changes_nothing(
    drawn: tuple[Sale, PricingTerms], random: randoms.Random
) -> None:
    # rows 174, 149
    basket, conditions = drawn
    shuffled = replace(
        basket,
        lines=_shuffled(basket.lines, random),
        rewards=_shuffled(basket.rewards, random),
        discounts=_shuffled(basket.discounts, random),
    )
    one = price_sale(basket, conditions)
    other = price_sale(shuffled, replace(conditions, groups=_shuffled(conditions.groups, random)))
    assert set(one.lines) == set(other.lines)
    assert replace(one, lines=(), points_why=()) == replace(other, lines=(), points_why=())


@given(baskets(), st.randoms(use_true_random=False))
def test_ids_given_in_another_order_change_neither_totals_nor_points(
    drawn: tuple[Sale, PricingTerms], random: randoms.Random
) -> None:
    # row 174: the same basket, as if everything on it had been scanned and touched in another order
    basket, conditions = drawn
    basket = replace(basket, discounts=tuple(each for each in basket.discounts if each.line_id is None))
    renamed = replace(
        basket,
        lines=tuple(replace(each, id=new_id()) for each in _shuffled(basket.lines, random)),
        rewards=tuple(replace(each, id=new_id()) for each in _shuffled(basket.rewards, random)),
        discounts=tuple(replace(each, id=new_id()) for each in _shuffled(basket.discounts, random)),
    )
    assert _figures(price_sale(basket, conditions)) == _figures(price_sale(renamed, conditions))


@given(baskets())
def test_the_same_facts_give_the_same_quote_again(drawn: tuple[Sale, PricingTerms]) -> None:
    # row 174: what is shown is what is booked, today and when the day is replayed
    basket, conditions = drawn
    assert price_sale(basket, conditions) == price_sale(basket, conditions)


@given(baskets())
def test_one_reward_more_never_makes_the_goods_dearer(drawn: tuple[Sale, PricingTerms]) -> None:
    basket, conditions = drawn
    without = replace(basket, rewards=basket.rewards[1:])
    assert _net(price_sale(basket, conditions)) <= _net(price_sale(without, conditions))


def test_a_small_reward_is_not_in_the_way_of_a_great_one() -> None:
    one = line("Café", 45_00, 1)
    percent, amount = PercentageOffItems(10_000, items("Café"), 1), AmountOffItems(5_00, items("Café"), 1)
    capped = FreeItem(items("Café"), 1, 1)
    for attached in ((percent, amount), (amount, percent), (capped, amount), (capped, percent, amount)):
        rewards = tuple(reward(10, each) for each in attached)
        assert _net(price_sale(sale(one, who=member(), rewards=rewards), terms())) == 40_00


def test_each_line_has_the_best_of_its_group_discounts_and_never_two() -> None:
    # rows 73, 81, 110, 113
    quote = price_sale(
        sale(line("Forfait", 8000, category="Ski"), line("Café", 300), who=member()),
        terms(group(100_000, "Abonnés", categories("Ski")), group(50_000, "Amis")),
    )
    assert [each.net_minor for each in quote.lines] == [7200, 285]
    assert [(each.name, each.amount_minor) for each in quote.discounts] == [("Abonnés", 800), ("Amis", 15)]


def test_one_group_may_have_a_rate_for_each_shelf() -> None:
    ski = Group(
        named("group Ski"),
        "Ski",
        GroupDiscount(100_000, categories("Location")),
        (GroupDiscount(150_000, categories("Cuisine")),),
    )
    quote = price_sale(
        sale(
            line("Skis", 4000, category="Location"),
            line("Raclette", 2000, category="Cuisine"),
            who=member(),
        ),
        terms(ski),
    )
    assert quote.total_minor == 3600 + 1700


def test_all_proposals_wait_for_one_tap_and_the_largest_comes_first() -> None:
    # X15
    basket = sale(line("Forfait", 8000, category="Ski"), line("Café", 300), who=member(Trust.TYPED))
    conditions = terms(group(50_000, "Amis"), group(100_000, "Abonnés", categories("Ski")))
    quote = price_sale(basket, conditions)
    assert [(each.name, each.amount_minor) for each in quote.proposals] == [("Abonnés", 800), ("Amis", 15)]
    assert quote.proposal == quote.proposals[0]
    assert quote.total_minor == 8300
    assert basket.member is not None
    confirmed = replace(basket, member=replace(basket.member, discount_confirmed_by=named("staff")))
    assert price_sale(confirmed, conditions).total_minor == 8300 - 815


def test_staff_take_off_a_line_before_and_off_the_sale_after_the_group() -> None:
    dented = line("Conserve", 1000)
    discounts = (
        StaffDiscount(new_id(), named("staff"), "Geste", amount_minor=100),
        StaffDiscount(new_id(), named("staff"), "Boîte abîmée", rate_ppm=500_000, line_id=dented.id),
    )
    # 10.00 + 10.00: dented -5.00 (15.00), group 10 % -1.50 (13.50), gesture -1.00 (12.50).
    quote = price_sale(
        sale(dented, line("Livre", 1000), who=member(), discounts=discounts), terms(group(100_000))
    )
    assert [(each.kind, each.amount_minor) for each in quote.discounts] == [
        (DiscountKind.STAFF, 500),
        (DiscountKind.GROUP, 150),
        (DiscountKind.STAFF, 100),
    ]
    why = quote.discounts[0].why[0]
    assert (why.code, why.params["reason"], why.params["item"]) == (
        WhyCode.STAFF_DISCOUNT,
        "Boîte abîmée",
        "Conserve",
    )
    assert quote.total_minor == 1250


def test_a_staff_discount_needs_no_member_and_takes_no_more_than_there_is() -> None:
    discount = StaffDiscount(new_id(), named("staff"), "Geste", amount_minor=5000)
    quote = price_sale(sale(line("Café", 300), discounts=(discount,)), terms())
    assert quote.total_minor == 0
    assert quote.discounts[0].why[-1].code is WhyCode.STAFF_DISCOUNT_CUT_TO_BASE


@pytest.mark.parametrize(
    ("rate", "amount", "reason"),
    [
        (None, None, "x"),
        (1, 1, "x"),
        (0, None, "x"),
        (1_000_001, None, "x"),
        (None, 0, "x"),
        (None, -1, "x"),
        (1, None, ""),
    ],
)
def test_a_staff_discount_that_makes_no_sense_is_refused(
    rate: int | None, amount: int | None, reason: str
) -> None:
    with pytest.raises(InvalidValueError):
        StaffDiscount(new_id(), named("staff"), reason, rate, amount)


def test_a_reason_is_one_clean_line() -> None:
    # row 209
    assert checked_reason(" Boîte\x1b[2J \u202e abîmée\n") == "Boîte[2J abîmée"
    assert not checked_reason("\x00 \u200f")


@pytest.mark.parametrize(("price", "quantity"), [(-1, 1), (100_000_000, 1), (100, 0), (100, -1), (100, 1000)])
def test_a_line_of_an_impossible_price_or_quantity_is_refused(price: int, quantity: int) -> None:
    with pytest.raises(InvalidValueError):
        line("Café", price, quantity)


def test_an_inactive_programme_earns_nothing() -> None:
    quote = price_sale(
        sale(line("Café", 300), who=member()), PricingTerms(programme=programme(is_active=False))
    )
    assert quote.points_why[0].code is WhyCode.NO_POINTS_WITHOUT_PROGRAMME


def _shuffled(values: tuple[object, ...], random: randoms.Random) -> tuple:  # type: ignore[type-arg]
    copy = list(values)
    random.shuffle(copy)
    return tuple(copy)


def _figures(quote: Quote) -> tuple[object, ...]:
    lines = sorted(
        (each.name, each.unit_price_minor, each.quantity, each.after_tax_minor) for each in quote.lines
    )
    taxes = [(tax.id, tax.base_minor, tax.amount_minor) for tax in quote.taxes]
    return (quote.total_minor, quote.points_to_earn, quote.points_to_redeem, lines, taxes)


def _net(quote: Quote) -> int:
    return quote.subtotal_minor - quote.discount_minor
