from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.domain.accrual import AccrualRule, AmountRule, Grant, ItemRule, VisitRule
from loyalty.domain.pricing.engine import PricingTerms, price_sale
from loyalty.domain.promotions import PointsMultiplier, Promotion, Schedule
from loyalty.domain.refunds import (
    AmountBack,
    LinesBack,
    Refund,
    RefundKind,
    RefundQuote,
    RefundRequest,
    SaleEarning,
    SaleMemory,
    WholeSaleBack,
    is_visit,
    quote_exchange,
    quote_refund,
    why_not_void,
)
from loyalty.domain.rewards import AmountOffSale, FreeItem
from loyalty.domain.sale import SaleLine, SaleReward, SaleState
from loyalty.domain.why import Refusal, Refused, WhyCode
from runtime.ids import new_id
from tests.unit.loyalty.domain.build import (
    AT,
    GST,
    MONTREAL,
    QST,
    VAT_10,
    VAT_20,
    VAT_55,
    items,
    line,
    member,
    named,
    programme,
    reward,
    sale,
)

BY_DOLLAR = AmountRule(100)


def sold(
    *lines: SaleLine,
    rule: AccrualRule = BY_DOLLAR,
    rewards: tuple[SaleReward, ...] = (),
    promotion: Promotion | None = None,
    tip: int = 0,
) -> SaleMemory:
    basket = sale(*lines, who=member(), rewards=rewards, state=SaleState.COMPLETED)
    basket = replace(basket, closed_at=AT)
    promotions = (promotion,) if promotion is not None else ()
    quote = price_sale(basket, PricingTerms(programme=programme(rule), promotions=promotions))
    return SaleMemory(basket, quote, earning=SaleEarning(rule, 1, promotion), tip_minor=tip)


def quoted(memory: SaleMemory, request: RefundRequest) -> RefundQuote:
    refund = quote_refund(memory, request)
    assert isinstance(refund, RefundQuote)
    return refund


def after(memory: SaleMemory, refund: RefundQuote) -> SaleMemory:
    done = Refund(new_id(), memory.sale.id, RefundKind.REFUND, AT, refund, "Retour", named("staff"))
    return replace(memory, past=(*memory.past, done))


def units(memory: SaleMemory, *wanted: tuple[str, int]) -> LinesBack:
    ids = {each.name: each.id for each in memory.sale.lines}
    return LinesBack(tuple((ids[name], count) for name, count in wanted))


def test_a_whole_refund_gives_everything_back_but_the_tip() -> None:
    # row 175, X12
    memory = sold(line("Livre", 2000, taxes=(GST, QST)), line("Café", 500), tip=300)
    refund = quoted(memory, WholeSaleBack())
    assert (refund.amount_minor, refund.tip_minor, refund.base_points, refund.is_whole) == (2800, 0, 25, True)
    assert quoted(memory, WholeSaleBack(with_tip=True)).amount_minor == 3100


def test_points_of_a_part_are_those_that_the_rest_no_longer_earns() -> None:
    # row 175: 12.00 at a point per 5.00 earned 2; 3.00 back leaves 9.00, which earns 1
    memory = sold(line("Livre", 900), line("Café", 300), rule=AmountRule(500))
    refund = quoted(memory, units(memory, ("Café", 1)))
    assert (refund.amount_minor, refund.base_points, refund.is_whole) == (300, 1, False)
    assert refund.why[0].params == {"earned": 2, "kept": 1, "points": 1}
    rest = quoted(after(memory, refund), units(memory, ("Livre", 1)))
    assert (rest.base_points, rest.is_whole) == (1, True)


def test_a_part_that_costs_no_point_says_so() -> None:
    memory = sold(line("Livre", 1000), line("Café", 50), rule=AmountRule(500))
    refund = quoted(memory, units(memory, ("Café", 1)))
    assert refund.base_points == 0
    assert refund.why[0].code is WhyCode.REFUND_KEEPS_POINTS


def test_a_visit_stays_one_while_what_is_kept_passes_the_minimum() -> None:
    # row 175, X13
    memory = sold(line("Livre", 600), line("Café", 400), rule=VisitRule(minimum_minor=500))
    assert quoted(memory, units(memory, ("Café", 1))).base_points == 0
    assert quoted(memory, units(memory, ("Livre", 1))).base_points == 1


def test_items_that_come_back_take_their_own_points_along() -> None:
    rule = ItemRule((Grant(named("Café"), 1), Grant(named("Sandwich"), 3)))
    memory = sold(line("Café", 300, 4), line("Sandwich", 800), rule=rule)
    assert memory.quote.points_to_earn == 7
    assert quoted(memory, units(memory, ("Café", 2))).base_points == 2
    assert quoted(memory, units(memory, ("Sandwich", 1))).base_points == 3
    assert quoted(memory, AmountBack(500)).base_points == 0  # money alone: the goods stay


def test_a_promotion_that_the_rest_no_longer_reaches_goes_too() -> None:
    double = Promotion(
        new_id(), "Double", PointsMultiplier(2000), Schedule(date(2026, 1, 1)), AT - timedelta(days=1), 1000
    )
    memory = sold(line("Livre", 900), line("Café", 300), promotion=double)
    assert (memory.quote.base_points, memory.quote.promotion_points) == (12, 12)
    refund = quoted(memory, units(memory, ("Café", 1)))
    assert (refund.base_points, refund.promotion_points) == (3, 12)
    cheap = quoted(memory, AmountBack(100))
    assert (cheap.base_points, cheap.promotion_points) == (1, 1)


def test_a_reward_comes_back_with_the_whole_sale_only() -> None:
    # row 175, X12
    used = reward(10, AmountOffSale(200))
    memory = sold(line("Livre", 1000), line("Café", 500), rewards=(used,))
    part = quoted(memory, units(memory, ("Café", 1)))
    assert part.returned_reward_ids == ()
    assert part.why[-1].code is WhyCode.REFUND_KEEPS_REWARD
    rest = quoted(after(memory, part), units(memory, ("Livre", 1)))
    assert rest.returned_reward_ids == (used.id,)
    assert rest.why[-1].code is WhyCode.REFUND_RETURNS_REWARD
    assert part.amount_minor + rest.amount_minor == 1300


def test_a_reward_that_had_no_effect_was_not_paid_for_and_does_not_come_back() -> None:
    memory = sold(line("Livre", 1000), rewards=(reward(10, FreeItem(items("Café"))),))
    assert quoted(memory, WholeSaleBack()).returned_reward_ids == ()


def test_a_sale_that_a_reward_paid_for_can_come_back_and_gives_the_reward_back() -> None:
    memory = sold(line("Café", 300), rewards=(reward(10, FreeItem(items("Café"))),))
    refund = quoted(memory, WholeSaleBack())
    assert (refund.amount_minor, len(refund.returned_reward_ids)) == (0, 1)


def test_taxes_go_back_with_their_lines() -> None:
    memory = sold(line("Livre", 1055, taxes=(VAT_55,)), line("Vin", 1200, 2, taxes=(VAT_20,)))
    refund = quoted(memory, units(memory, ("Vin", 1)))
    assert refund.amount_minor == 1200
    assert [(tax.id, tax.amount_minor) for tax in refund.lines[0].taxes] == [("vat-20", 200)]


def test_an_odd_cent_goes_back_with_the_last_unit() -> None:
    memory = sold(line("Café", 335, 3), rewards=(reward(1, AmountOffSale(5)),))
    assert memory.quote.total_minor == 1000
    amounts = []
    for _ in range(3):
        refund = quoted(memory, units(memory, ("Café", 1)))
        amounts.append(refund.amount_minor)
        memory = after(memory, refund)
    assert sorted(amounts) == [333, 333, 334]


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (AmountBack(0), Refusal.AMOUNT_OUT_OF_RANGE),
        (AmountBack(-5), Refusal.AMOUNT_OUT_OF_RANGE),
        (AmountBack(1501), Refusal.REFUND_TOO_LARGE),
        (LinesBack(()), Refusal.NOTHING_TO_REFUND),
        (LinesBack(((named("nothing"), 1),)), Refusal.LINE_UNKNOWN),
    ],
)
def test_what_cannot_go_back_is_refused_with_the_reason(request_: RefundRequest, reason: Refusal) -> None:
    refused = quote_refund(sold(line("Livre", 1000), line("Café", 500)), request_)
    assert isinstance(refused, Refused)
    assert refused.reason is reason


def test_no_more_units_go_back_than_were_sold_however_they_are_asked_for() -> None:
    memory = sold(line("Café", 300, 2), line("Livre", 900))
    for request_ in (units(memory, ("Café", 3)), units(memory, ("Café", 2), ("Café", 1))):
        refused = quote_refund(memory, request_)
        assert isinstance(refused, Refused)
        assert refused.reason is Refusal.REFUND_TOO_LARGE
    for count in (0, -1):
        refused = quote_refund(memory, units(memory, ("Café", count)))
        assert isinstance(refused, Refused)
        assert refused.reason is Refusal.QUANTITY_OUT_OF_RANGE
    once = after(memory, quoted(memory, units(memory, ("Café", 2))))
    refused = quote_refund(once, units(memory, ("Café", 1)))
    assert isinstance(refused, Refused)


def test_a_sale_comes_back_once_and_only_when_it_was_made() -> None:
    memory = sold(line("Café", 300))
    whole = after(memory, quoted(memory, WholeSaleBack()))
    refused = quote_refund(whole, WholeSaleBack())
    assert isinstance(refused, Refused)
    assert refused.reason is Refusal.SALE_ALREADY_REFUNDED
    still_open = replace(memory, sale=replace(memory.sale, state=SaleState.OPEN))
    refused = quote_refund(still_open, WholeSaleBack())
    assert isinstance(refused, Refused)
    assert refused.reason is Refusal.SALE_NOT_COMPLETED


def test_a_sale_is_voided_on_its_own_day_of_the_shop_and_never_after_a_refund() -> None:
    # row 175
    memory = sold(line("Café", 300))  # completed at 10:00 UTC, 05:00 in Montréal
    end = datetime(2026, 3, 3, 4, 59, tzinfo=UTC)
    assert why_not_void(memory.sale, (), end, MONTREAL) is None
    late = why_not_void(memory.sale, (), end + timedelta(minutes=1), MONTREAL)
    assert late is not None
    assert late.reason is Refusal.VOID_TOO_LATE
    part = after(memory, quoted(memory, AmountBack(100)))
    refused = why_not_void(memory.sale, part.past, end, MONTREAL)
    assert refused is not None
    assert refused.reason is Refusal.SALE_ALREADY_REFUNDED
    not_yet = why_not_void(replace(memory.sale, state=SaleState.OPEN), (), end, MONTREAL)
    assert not_yet is not None


def test_a_visit_is_a_completed_sale_with_a_customer_that_did_not_come_back() -> None:
    # X13
    memory = sold(line("Café", 300, 2))
    assert is_visit(memory.sale, ())
    part = after(memory, quoted(memory, units(memory, ("Café", 1))))
    assert is_visit(memory.sale, part.past)
    whole = after(part, quoted(part, WholeSaleBack()))
    assert not is_visit(memory.sale, whole.past)
    for changed in (
        replace(memory.sale, state=SaleState.VOIDED),
        replace(memory.sale, state=SaleState.OPEN),
        replace(memory.sale, member=None),
        replace(memory.sale, is_training=True),
        replace(memory.sale, exchange_of=new_id()),
    ):
        assert not is_visit(changed, ())


def test_an_exchange_costs_the_difference_and_splits_no_tranche() -> None:
    # row 175: 15.00 kept 5.00 after 10.00 came back; with 12.00 new it is 17.00, which earns 3 at 5.00 each
    rule = AmountRule(500)
    memory = sold(line("Pull S", 1000), line("Chaussettes", 500), rule=rule)
    basket = sale(line("Pull M", 1200), who=member())
    new_quote = price_sale(basket, PricingTerms(programme=programme(rule)))
    exchange = quote_exchange(memory, units(memory, ("Pull S", 1)), basket, new_quote)
    assert not isinstance(exchange, Refused)
    assert (exchange.to_pay_minor, exchange.refund.base_points, exchange.earned.base_points) == (200, 2, 2)


def test_an_exchange_is_no_second_visit() -> None:
    # X13
    rule = VisitRule(minimum_minor=400)
    memory = sold(line("Pull S", 1000), line("Chaussettes", 500), rule=rule)
    basket = sale(line("Pull M", 1200), who=member())
    new_quote = price_sale(basket, PricingTerms(programme=programme(rule)))
    kept = quote_exchange(memory, units(memory, ("Pull S", 1)), basket, new_quote)
    everything = quote_exchange(memory, WholeSaleBack(), basket, new_quote)
    assert not isinstance(kept, Refused)
    assert not isinstance(everything, Refused)
    assert kept.earned.base_points - kept.refund.base_points == 0
    assert everything.earned.base_points - everything.refund.base_points == 0


def test_money_goes_back_where_the_new_goods_are_cheaper() -> None:
    memory = sold(line("Pull", 1000))
    basket = sale(line("Bonnet", 400), who=member())
    exchange = quote_exchange(
        memory, WholeSaleBack(), basket, price_sale(basket, PricingTerms(programme=programme()))
    )
    assert not isinstance(exchange, Refused)
    assert exchange.to_pay_minor == -600


MEMORIES = st.builds(
    lambda lines, rule, rewards: sold(*lines, rule=rule, rewards=tuple(rewards)),
    st.lists(
        st.builds(
            lambda name, price, quantity, taxes: line(name, price, quantity, taxes=taxes),
            st.sampled_from(["Café", "Livre"]),
            st.integers(0, 5000),
            st.integers(1, 5),
            st.sampled_from([(), (VAT_10,), (VAT_20,), (GST, QST)]),
        ),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from(
        [AmountRule(100), AmountRule(700, 2), VisitRule(1, 500), ItemRule((Grant(named("Café"), 2),))]
    ),
    st.lists(
        st.builds(reward, st.integers(1, 9), st.sampled_from([AmountOffSale(700), FreeItem(items("Café"))])),
        max_size=2,
    ),
)


@given(MEMORIES, st.data())
def test_in_whatever_portions_it_comes_back_it_is_the_sale_to_the_cent_and_the_point(
    memory: SaleMemory, data: st.DataObject
) -> None:
    # row 175
    earned, total = memory.quote.points_to_earn, memory.quote.total_minor
    for _ in range(data.draw(st.integers(0, 4))):
        if memory.is_whole_back:
            break
        if data.draw(st.booleans()):
            one = data.draw(st.sampled_from(memory.sale.lines))
            refund = quote_refund(memory, LinesBack(((one.id, data.draw(st.integers(1, 3))),)))
        else:
            refund = quote_refund(memory, AmountBack(data.draw(st.integers(1, 3000))))
        if isinstance(refund, RefundQuote):
            assert refund.base_points >= 0
            assert all(part.amount_minor >= 0 and part.before_tax_minor >= 0 for part in refund.lines)
            memory = after(memory, refund)
    if not memory.is_whole_back:
        memory = after(memory, quoted(memory, WholeSaleBack()))
    refunds = [each.quote for each in memory.past]
    assert sum(each.amount_minor for each in refunds) == total
    assert sum(each.base_points + each.promotion_points for each in refunds) == earned
    assert [each.is_whole for each in refunds] == [False] * (len(refunds) - 1) + [True]
    for tax in memory.quote.taxes:
        back = sum(
            part.amount_minor
            for each in refunds
            for one in each.lines
            for part in one.taxes
            if part.id == tax.id
        )
        assert back == tax.amount_minor
