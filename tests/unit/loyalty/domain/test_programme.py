from datetime import UTC, datetime

import pytest

from loyalty.domain.accrual import AccrualBase, AmountRule, TaxMode
from loyalty.domain.programme import PointsName, ProgrammeVersion, RewardTier
from loyalty.domain.rewards import AmountOffSale, PercentageOffSale
from loyalty.domain.why import WhyCode
from loyalty.errors import InvalidValueError
from runtime.ids import new_id


def tier(points: int, name: str = "Café offert") -> RewardTier:
    return RewardTier(new_id(), name, points, AmountOffSale(200))


def programme(*tiers: RewardTier) -> ProgrammeVersion:
    names = PointsName("point", "points")
    return ProgrammeVersion(1, datetime(2026, 1, 1, tzinfo=UTC), AmountRule(100), names, tiers)


def base(before: int, after: int | None = None) -> AccrualBase:
    return AccrualBase(before, after if after is not None else before, 1)


def test_a_twelve_dollar_order_earns_twelve_points_at_one_per_dollar() -> None:
    # row 130
    assert AmountRule(100).accrue(base(1200)).points == 12


def test_one_point_per_ten_dollars_gives_ten_for_105_dollars() -> None:
    # row 130
    assert AmountRule(1000).accrue(base(10_500)).points == 10


def test_a_part_of_a_tranche_of_five_dollars_earns_nothing() -> None:
    # row 130
    rule = AmountRule(500)
    assert [rule.accrue(base(spent)).points for spent in (499, 500, 999, 1000)] == [0, 1, 1, 2]


def test_the_tax_does_not_count_unless_the_shop_says_so() -> None:
    # row 132, X6
    assert AmountRule(100).accrue(base(1000, 1200)).points == 10
    assert AmountRule(100, tax_mode=TaxMode.AFTER_TAX).accrue(base(1000, 1200)).points == 12


def test_points_and_no_points_say_why() -> None:
    # row 173
    earned = AmountRule(100).accrue(base(250)).why[0]
    assert earned.code is WhyCode.POINTS_BY_AMOUNT
    assert earned.params["base_minor"] == 250
    assert earned.params["rule_version"] == 1
    nothing = AmountRule(100).accrue(base(99)).why[0]
    assert nothing.code is WhyCode.NO_POINTS_BELOW_TRANCHE


def test_a_negative_spend_earns_nothing() -> None:
    assert AmountRule(100).accrue(base(-5000)).points == 0


def test_fifteen_tiers_are_taken_and_the_sixteenth_is_refused() -> None:
    # row 140
    assert len(programme(*(tier(n) for n in range(1, 16))).tiers) == 15
    with pytest.raises(InvalidValueError):
        programme(*(tier(n) for n in range(1, 17)))


def test_a_name_of_a_hundred_characters_is_taken_and_one_more_is_refused() -> None:
    # row 141
    assert tier(1, "é" * 100).name == "é" * 100
    with pytest.raises(InvalidValueError):
        tier(1, "é" * 101)
    with pytest.raises(InvalidValueError):
        tier(1, "")


def test_there_can_be_several_levels_with_different_kinds_of_reward() -> None:
    # row 136
    small, big = tier(10), RewardTier(new_id(), "Un dixième", 25, PercentageOffSale(100_000))
    assert programme(small, big).next_tier(12) is big
    assert programme(small, big).next_tier(25) is None
    assert programme(small, big).tier(small.id) is small


@pytest.mark.parametrize(
    "make",
    [
        lambda: AmountRule(0),
        lambda: AmountRule(100, 0),
        lambda: tier(0),
        lambda: AmountOffSale(0),
        lambda: AmountOffSale(100, 0),
        lambda: PercentageOffSale(0),
        lambda: PercentageOffSale(1_000_001),
        lambda: PercentageOffSale(100_000, -1),
    ],
)
def test_rules_and_rewards_worth_nothing_or_less_are_refused(make: object) -> None:
    with pytest.raises(InvalidValueError):
        make()  # type: ignore[operator]


def test_two_tiers_with_one_id_are_refused() -> None:
    one = tier(10)
    with pytest.raises(InvalidValueError):
        programme(one, one)
