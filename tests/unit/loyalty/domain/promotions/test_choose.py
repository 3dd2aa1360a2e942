from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.domain.accrual import AmountRule, Grant, ItemRule, VisitRule
from loyalty.domain.pricing.engine import PricingTerms, points_for_any_member, price_sale
from loyalty.domain.promotions import (
    PointsAddition,
    PointsMultiplier,
    Promotion,
    PromotionState,
    Schedule,
    TriggerLimit,
    TriggerPeriod,
    WeeklyWindow,
    choose_promotion,
)
from loyalty.domain.promotions.plan import MAX_PROMOTIONS, cancelled, checked_promotion_name, why_not_add
from loyalty.domain.why import Refusal, Refused, WhyCode
from loyalty.errors import InvalidValueError
from runtime.ids import new_id
from tests.unit.loyalty.domain.build import AT, PARIS, base, bought, line, member, named, programme, sale

ALWAYS = Schedule(date(2026, 1, 1))


def promotion(name: str = "Double", **changes: object) -> Promotion:
    plain = Promotion(
        id=new_id(),
        name=name,
        incentive=PointsMultiplier(2000),
        schedule=ALWAYS,
        created_at=AT - timedelta(days=30),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def chosen(
    *promotions: Promotion, points: int = 4, spent: int = 1000, **history: datetime
) -> tuple[str | None, int]:
    basket = base(bought("Café", spent, category="Chaud"))
    had = {each.id: [when for name, when in history.items() if each.name in name] for each in promotions}
    promoted = choose_promotion(promotions, basket, points, at=AT, timezone=PARIS, history=had)
    return (promoted.promotion.name if promoted.promotion else None, promoted.points)


def test_one_and_a_half_times_four_is_six_in_total() -> None:
    # row 134
    assert chosen(promotion(incentive=PointsMultiplier(1500))) == ("Double", 2)


@pytest.mark.parametrize(
    ("milli", "points", "total"), [(1500, 3, 4), (1001, 999, 999), (1001, 1000, 1001), (10_000, 7, 70)]
)
def test_fractions_of_a_point_are_dropped(milli: int, points: int, total: int) -> None:
    assert points + PointsMultiplier(milli).extra_points(points) == total


def test_a_bonus_adds_its_points() -> None:
    assert chosen(promotion(incentive=PointsAddition(5))) == ("Double", 5)


def test_at_most_one_applies_and_it_is_the_newest_that_qualifies() -> None:
    old = promotion("Vieille", incentive=PointsAddition(100), created_at=AT - timedelta(days=9))
    new = promotion("Neuve", incentive=PointsAddition(1), created_at=AT - timedelta(days=1))
    assert chosen(old, new) == ("Neuve", 1)
    assert chosen(new, old) == ("Neuve", 1)
    assert chosen(old, replace(new, minimum_spend_minor=1001)) == ("Vieille", 100)


def test_a_trigger_limit_that_is_reached_makes_room_for_another() -> None:
    old = promotion("Vieille", incentive=PointsAddition(3), created_at=AT - timedelta(days=9))
    new = promotion("Neuve", trigger_limit=TriggerLimit(1), created_at=AT - timedelta(days=1))
    assert chosen(old, new) == ("Neuve", 4)
    assert chosen(old, new, Neuve=AT - timedelta(days=40)) == ("Vieille", 3)


def test_a_daily_limit_begins_again_on_the_next_day_of_the_shop() -> None:
    limited = promotion("Jour", trigger_limit=TriggerLimit(2, TriggerPeriod.DAY))
    midnight = datetime(2026, 3, 1, 23, 0, tzinfo=UTC)  # 2 March, 00:00 in Paris
    assert chosen(limited, Jour_1=midnight, Jour_2=midnight - timedelta(seconds=1)) == ("Jour", 4)
    assert chosen(limited, Jour_1=midnight, Jour_2=AT) == (None, 0)


def test_without_base_points_there_is_no_promotion_and_no_talk_of_one() -> None:
    promoted = choose_promotion(
        [promotion(incentive=PointsAddition(5))],
        base(bought("Café", 1000)),
        0,
        at=AT,
        timezone=PARIS,
        history={},
    )
    assert (promoted.promotion, promoted.points, promoted.why) == (None, 0, ())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"schedule": Schedule(date(2026, 3, 1), None, (WeeklyWindow(start=time(20), end=time(22)),))}, WhyCode.PROMOTION_NOT_NOW),
        ({"minimum_spend_minor": 1001}, WhyCode.PROMOTION_BELOW_MINIMUM),
        ({"item_ids": (named("Thé"),)}, WhyCode.PROMOTION_WITHOUT_ITEM),
        ({"category_ids": (named("Froid"),)}, WhyCode.PROMOTION_WITHOUT_ITEM),
        ({"incentive": PointsMultiplier(1001)}, WhyCode.PROMOTION_GIVES_NOTHING),
    ],
)  # fmt: skip
def test_a_running_promotion_that_does_not_apply_says_why(changes: dict[str, object], code: WhyCode) -> None:
    # row 173
    basket = base(bought("Café", 1000, category="Chaud"))
    promoted = choose_promotion([promotion(**changes)], basket, 4, at=AT, timezone=PARIS, history={})
    assert [why.code for why in promoted.why] == [code]
    assert promoted.promotion is None


def test_the_minimum_itself_is_enough_and_items_or_their_category_qualify() -> None:
    assert chosen(promotion(minimum_spend_minor=1000))[0] == "Double"
    assert chosen(promotion(item_ids=(named("Thé"), named("Café"))))[0] == "Double"
    assert chosen(promotion(category_ids=(named("Chaud"),)))[0] == "Double"


def test_what_was_made_free_does_not_bring_a_promotion() -> None:
    basket = base(bought("Café", 0, 0), bought("Livre", 1000))
    wants_coffee = promotion(item_ids=(named("Café"),))
    assert choose_promotion([wants_coffee], basket, 4, at=AT, timezone=PARIS, history={}).promotion is None


def test_a_promotion_made_after_the_sale_was_opened_is_not_for_it() -> None:
    # row 174: replaying the morning with the promotion of the afternoon changes nothing
    assert chosen(promotion(created_at=AT + timedelta(seconds=1))) == (None, 0)
    assert chosen(promotion(cancelled_at=AT)) == (None, 0)
    assert chosen(promotion(cancelled_at=AT + timedelta(seconds=1)))[0] == "Double"


def test_a_sale_earns_its_promotion_and_the_quote_says_which() -> None:
    # rows 134, 173
    double = promotion()
    conditions = PricingTerms(programme=programme(AmountRule(100)), promotions=(double,), timezone=PARIS)
    basket = sale(line("Café", 450), who=member())
    quote = price_sale(basket, conditions)
    assert (quote.points_to_earn, quote.base_points, quote.promotion_points) == (8, 4, 4)
    assert quote.promotion_id == double.id
    assert quote.points_why[-1].params["multiplier_milli"] == 2000
    assert points_for_any_member(basket, conditions) == 8


def test_the_hour_at_which_the_sale_was_opened_decides() -> None:
    happy = promotion(
        schedule=Schedule(date(2026, 3, 1), None, (WeeklyWindow(start=time(11), end=time(12)),))
    )
    conditions = PricingTerms(programme=programme(AmountRule(100)), promotions=(happy,), timezone=PARIS)
    in_time = sale(line("Café", 450), who=member(), opened_at=datetime(2026, 3, 2, 10, 59, tzinfo=UTC))
    late = replace(in_time, opened_at=datetime(2026, 3, 2, 11, 0, tzinfo=UTC))
    assert [price_sale(each, conditions).points_to_earn for each in (in_time, late)] == [8, 4]


@given(
    st.integers(0, 5000), st.lists(st.integers(1001, 10_000), max_size=4), st.randoms(use_true_random=False)
)
def test_the_order_of_the_list_changes_nothing_and_points_never_shrink(
    points: int, multipliers: list[int], random: object
) -> None:
    promotions = [
        promotion(str(milli), incentive=PointsMultiplier(milli), created_at=AT - timedelta(minutes=milli))
        for milli in multipliers
    ]
    one = chosen(*promotions, points=points)
    random.shuffle(promotions)  # type: ignore[attr-defined]
    assert chosen(*promotions, points=points) == one
    assert one[1] >= 0


def test_there_are_at_most_ten_active_or_scheduled_promotions() -> None:
    rule = AmountRule(100)
    ten = [promotion(str(number)) for number in range(MAX_PROMOTIONS - 1)]
    ten.append(promotion("demain", schedule=Schedule(date(2026, 4, 1))))
    refused = why_not_add(promotion(), ten, rule, AT, PARIS)
    assert refused is not None
    assert (refused.reason, refused.params["max"]) == (Refusal.TOO_MANY_PROMOTIONS, 10)
    ended = replace(ten[0], schedule=Schedule(date(2026, 1, 1), date(2026, 3, 1)))
    gone = replace(ten[1], cancelled_at=AT)
    assert why_not_add(promotion(), [ended, *ten[1:]], rule, AT, PARIS) is None
    assert why_not_add(promotion(), [ten[0], gone, *ten[2:]], rule, AT, PARIS) is None


def test_promotions_for_certain_items_go_with_rules_by_visit_or_amount() -> None:
    for_coffee = promotion(item_ids=(named("Café"),))
    by_item = ItemRule((Grant(named("Café"), 1),))
    refused = why_not_add(for_coffee, [], by_item, AT, PARIS)
    assert refused is not None
    assert refused.reason is Refusal.PROMOTION_ITEMS_NEED_SPENDING_RULE
    assert why_not_add(for_coffee, [], VisitRule(), AT, PARIS) is None
    assert why_not_add(promotion(), [], by_item, AT, PARIS) is None


def test_a_promotion_lives_from_scheduled_to_ended_or_cancelled() -> None:
    march = promotion(schedule=Schedule(date(2026, 3, 2), date(2026, 3, 31)))
    assert march.state(AT - timedelta(days=1), PARIS) is PromotionState.SCHEDULED
    assert march.state(AT, PARIS) is PromotionState.ACTIVE
    assert march.state(AT + timedelta(days=30), PARIS) is PromotionState.ENDED
    stopped = cancelled(march, AT, PARIS)
    assert not isinstance(stopped, Refused)
    assert stopped.state(AT, PARIS) is PromotionState.CANCELLED
    again = cancelled(stopped, AT, PARIS)
    assert isinstance(again, Refused)
    over = why_not_add(march, [], AmountRule(100), AT + timedelta(days=60), PARIS)
    assert over is not None
    assert over.reason is Refusal.PROMOTION_OVER


def test_names_are_cleaned_and_long_ones_refused_not_cut() -> None:
    # row 209
    assert checked_promotion_name("  Double\u202e\x07  points ") == "Double points"
    assert checked_promotion_name("x" * 70) == "x" * 70
    long = checked_promotion_name("x" * 71)
    assert isinstance(long, Refused)
    assert long.params == {"max": 70, "length": 71}
    assert isinstance(checked_promotion_name("\x00"), Refused)


def _limit(times: int) -> TriggerLimit:
    return TriggerLimit(times)


@pytest.mark.parametrize(
    "make",
    [
        lambda: PointsMultiplier(1000),
        lambda: PointsMultiplier(10_001),
        lambda: PointsMultiplier(-2000),
        lambda: PointsAddition(0),
        lambda: _limit(0),
        lambda: _limit(31),
        lambda: promotion(name=""),
        lambda: promotion(name="x" * 71),
        lambda: promotion(minimum_spend_minor=-1),
        lambda: promotion(item_ids=(UUID(int=1),), category_ids=(UUID(int=2),)),
    ],
)
def test_a_promotion_that_makes_no_sense_is_refused(make: object) -> None:
    with pytest.raises(InvalidValueError):
        make()  # type: ignore[operator]
