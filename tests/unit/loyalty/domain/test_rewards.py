import pytest

from loyalty.domain.accrual import Grant, ItemRule
from loyalty.domain.group import DiscountScope
from loyalty.domain.pricing.engine import price_sale
from loyalty.domain.pricing.quote import Quote
from loyalty.domain.rewards import (
    AmountOffItems,
    AmountOffSale,
    FreeItem,
    PercentageOffItems,
    PercentageOffSale,
    RewardTerms,
)
from loyalty.domain.sale import SaleLine
from loyalty.domain.why import WhyCode
from loyalty.errors import InvalidValueError
from tests.unit.loyalty.domain.build import categories, items, line, member, named, reward, sale, terms


def quote(lines: list[SaleLine], *each: RewardTerms, points: int = 10) -> Quote:
    rewards = tuple(reward(points, one) for one in each)
    return price_sale(sale(*lines, who=member(), rewards=rewards), terms())


def test_four_coffees_of_which_one_is_free_earn_three_points() -> None:
    # rows 131, 149
    rule = ItemRule((Grant(named("Café"), 1),))
    basket = sale(line("Café", 300, 4), who=member(), rewards=(reward(10, FreeItem(items("Café"))),))
    quoted = price_sale(basket, terms(rule=rule))
    assert (quoted.total_minor, quoted.points_to_earn, quoted.points_to_redeem) == (900, 3, 10)


def test_a_free_item_is_the_dearest_one_that_it_may_be_and_says_which() -> None:
    basket = [
        line("Petit", 250, category="Cafés"),
        line("Grand", 450, 2, category="Cafés"),
        line("Tarte", 600),
    ]
    quoted = quote(basket, FreeItem(categories("Cafés")))
    assert quoted.total_minor == 250 + 450 + 600
    units = quoted.discounts[0].why[1]
    assert (units.code, units.params["items"], units.params["units"]) == (WhyCode.REWARD_UNITS, "Grand", 1)


def test_several_free_items_go_to_several_units_and_the_last_has_none_left() -> None:
    # row 149
    quoted = quote([line("Café", 300, 2)], *[FreeItem(items("Café"))] * 3)
    assert [discount.amount_minor for discount in quoted.discounts] == [300, 300, 0]
    assert (quoted.total_minor, quoted.points_to_redeem) == (0, 20)
    assert quoted.discounts[-1].why[-1].code is WhyCode.REWARD_WITHOUT_EFFECT


def test_a_free_item_up_to_an_amount_leaves_the_rest_to_pay() -> None:
    quoted = quote([line("Champagne", 4500)], FreeItem(items("Champagne"), ceiling_minor=500))
    assert quoted.total_minor == 4000
    assert quoted.discounts[0].why[-1].code is WhyCode.REWARD_CUT_TO_CEILING


def test_a_percentage_off_an_item_is_off_one_unit_unless_the_shop_says_more() -> None:
    basket = [line("Café", 300, 3)]
    assert quote(basket, PercentageOffItems(500_000, items("Café"))).total_minor == 750
    assert quote(basket, PercentageOffItems(500_000, items("Café"), units=2)).total_minor == 600
    assert quote(basket, PercentageOffItems(500_000, items("Café"), units=None)).total_minor == 450


def test_a_percentage_off_a_category_leaves_the_rest_alone() -> None:
    basket = [line("Thé", 400, category="Chaud"), line("Jus", 500, category="Froid")]
    quoted = quote(basket, PercentageOffItems(250_000, categories("Chaud"), units=None))
    assert [each.net_minor for each in quoted.lines] == [300, 500]


def test_an_amount_off_an_item_never_makes_it_cheaper_than_free() -> None:
    quoted = quote([line("Café", 150), line("Tarte", 600)], AmountOffItems(200, items("Café")))
    assert [each.net_minor for each in quoted.lines] == [0, 600]
    assert quoted.discounts[0].why[-1].code is WhyCode.REWARD_CUT_TO_BASE


def test_a_reward_for_something_that_is_not_on_the_sale_costs_nothing() -> None:
    quoted = quote([line("Tarte", 600)], FreeItem(items("Café")))
    assert (quoted.total_minor, quoted.points_to_redeem) == (600, 0)
    assert quoted.discounts[0].why[-1].code is WhyCode.REWARD_WITHOUT_EFFECT


def test_a_reward_can_name_a_variation() -> None:
    basket = [line("Latté", 400, variation="petit"), line("Latté", 500, variation="grand")]
    quoted = quote(basket, FreeItem(items("petit")))
    assert [each.net_minor for each in quoted.lines] == [0, 500]


def test_free_items_come_first_then_items_then_percentages_then_amounts() -> None:
    # 2 x 5.00 + 10.00: one 5.00 free (15.00), half off the other 5.00 (12.50), 10 % off the sale (11.25),
    # 1.00 off the sale (10.25).
    quoted = quote(
        [line("Café", 500, 2), line("Livre", 1000)],
        AmountOffSale(100),
        PercentageOffSale(100_000),
        PercentageOffItems(500_000, items("Café")),
        FreeItem(items("Café")),
    )
    assert [discount.amount_minor for discount in quoted.discounts] == [500, 250, 125, 100]
    assert quoted.total_minor == 1025


def test_rewards_of_every_kind_can_have_a_ceiling() -> None:
    basket = [line("Café", 1000)]
    for each in (
        PercentageOffSale(1_000_000, 300),
        AmountOffSale(900, 300),
        PercentageOffItems(1_000_000, items("Café"), 1, 300),
        AmountOffItems(900, items("Café"), 1, 300),
        FreeItem(items("Café"), 1, 300),
    ):
        quoted = quote(basket, each)
        assert quoted.total_minor == 700
        assert WhyCode.REWARD_CUT_TO_CEILING in [why.code for why in quoted.discounts[0].why]


def test_points_are_never_used_by_themselves() -> None:
    # row 142
    assert quote([line("Café", 1000)]).points_to_redeem == 0


@pytest.mark.parametrize(
    "make",
    [
        lambda: FreeItem(DiscountScope()),
        lambda: FreeItem(items()),
        lambda: FreeItem(items("a"), units=0),
        lambda: FreeItem(items("a"), ceiling_minor=0),
        lambda: PercentageOffItems(0, items("a")),
        lambda: PercentageOffItems(1_000_001, items("a")),
        lambda: PercentageOffItems(100_000, items("a"), units=-1),
        lambda: AmountOffItems(0, items("a")),
        lambda: AmountOffItems(-5, items("a")),
        lambda: AmountOffSale(0),
        lambda: PercentageOffSale(0),
        lambda: PercentageOffSale(100_000, 0),
    ],
)
def test_a_reward_that_makes_no_sense_is_refused(make: object) -> None:
    with pytest.raises(InvalidValueError):
        make()  # type: ignore[operator]
