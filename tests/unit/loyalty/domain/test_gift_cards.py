"""Buying a gift card and paying with it never both earn, and no discount turns into money (row 206)."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from loyalty.domain.accrual import AccrualRule, AmountRule, Boundary, CategoryRule, Grant, ItemRule, VisitRule
from loyalty.domain.pricing.engine import PricingTerms, points_for_any_member, price_sale
from loyalty.domain.promotions import PointsAddition, Promotion, Schedule
from loyalty.domain.refunds import (
    LinesBack,
    RefundQuote,
    SaleEarning,
    SaleMemory,
    WholeSaleBack,
    quote_exchange,
    quote_refund,
)
from loyalty.domain.refunds.exchange import ExchangeQuote
from loyalty.domain.rewards import AmountOffSale, FreeItem, PercentageOffSale
from loyalty.domain.sale import Sale, SaleLine, SaleState
from loyalty.domain.staff_discount import StaffDiscount
from loyalty.domain.why import WhyCode
from runtime.ids import new_id
from tests.unit.loyalty.domain.build import (
    AT,
    VAT_20,
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
from tests.unit.loyalty.domain.test_stacking import baskets

RULES: list[AccrualRule] = [
    AmountRule(100),
    VisitRule(1, 0, Boundary.AT_LEAST),
    VisitRule(1, 500),
    ItemRule((Grant(named("Carte cadeau"), 5), Grant(named("Café"), 1))),
    CategoryRule((Grant(named("Cadeaux"), 5),)),
]


def gift_card(price: int, quantity: int = 1) -> SaleLine:
    return replace(line("Carte cadeau", price, quantity, category="Cadeaux"), is_gift_card=True)


GIFT_CARDS = st.builds(gift_card, st.integers(1, 500_00), st.integers(1, 5))


@given(baskets(), st.lists(GIFT_CARDS, min_size=1, max_size=3))
def test_gift_cards_on_a_sale_change_nothing_but_what_is_paid(
    drawn: tuple[Sale, PricingTerms], cards: list[SaleLine]
) -> None:
    # part of row 206
    basket, conditions = drawn
    plain = price_sale(basket, conditions)
    quote = price_sale(replace(basket, lines=(*basket.lines, *cards)), conditions)
    assert quote.points_to_earn == plain.points_to_earn
    assert quote.points_to_redeem == plain.points_to_redeem
    assert quote.discount_minor == plain.discount_minor
    assert quote.total_minor == plain.total_minor + sum(card.gross_minor for card in cards)
    assert WhyCode.GIFT_CARDS_EARN_LATER in {why.code for why in quote.points_why}


@given(st.sampled_from(RULES), GIFT_CARDS)
def test_a_sale_of_nothing_but_a_gift_card_earns_nothing_by_any_rule(
    rule: AccrualRule, card: SaleLine
) -> None:
    # part of row 206
    promotion = Promotion(new_id(), "Fête", PointsAddition(50), Schedule(AT.date()), AT)
    conditions = terms(rule=rule, promotions=(promotion,))
    quote = price_sale(sale(card, who=member()), conditions)
    assert (quote.points_to_earn, quote.promotion_points) == (0, 0)
    assert [why.code for why in quote.points_why] == [WhyCode.GIFT_CARDS_EARN_LATER]
    assert quote.points_why[0].params["items"] == "Carte cadeau"
    assert points_for_any_member(sale(card), conditions) == 0


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 200_00)), min_size=1, max_size=8), st.data())
def test_money_that_goes_through_a_gift_card_earns_once(
    bought: list[tuple[bool, int]], data: st.DataObject
) -> None:
    # part of row 206: whatever is bought, given back and paid with cards, points are those of the goods kept
    rule = AmountRule(1)
    lines = [gift_card(price) if is_card else line("Livre", price) for is_card, price in bought]
    basket = sale(*lines, who=member(), state=SaleState.COMPLETED)
    memory = SaleMemory(
        basket, price_sale(basket, PricingTerms(programme=programme(rule))), earning=SaleEarning(rule, 1)
    )
    goods_minor = sum(each.gross_minor for each in lines if not each.is_gift_card)
    assert memory.quote.points_to_earn == goods_minor
    back = data.draw(st.sampled_from(lines))
    refund = quote_refund(memory, LinesBack(((back.id, back.quantity),)))
    assert isinstance(refund, RefundQuote)
    assert refund.amount_minor == back.gross_minor
    assert refund.base_points == (0 if back.is_gift_card else back.gross_minor)


def test_goods_changed_for_a_gift_card_give_their_points_back() -> None:
    # part of row 206
    rule = AmountRule(100)
    book = line("Livre", 2000)
    basket = sale(book, who=member(), state=SaleState.COMPLETED)
    conditions = PricingTerms(programme=programme(rule))
    memory = SaleMemory(basket, price_sale(basket, conditions), earning=SaleEarning(rule, 1))
    new = sale(gift_card(2000), who=member())
    exchange = quote_exchange(memory, WholeSaleBack(), new, price_sale(new, conditions))
    assert isinstance(exchange, ExchangeQuote)
    assert (exchange.refund.base_points, exchange.to_pay_minor) == (20, 0)
    assert exchange.earned.base_points == 0


def test_no_group_reward_or_discount_on_the_whole_makes_a_gift_card_cheaper() -> None:
    # part of row 206
    gesture = StaffDiscount(new_id(), named("staff"), "Geste", rate_ppm=500_000)
    basket = sale(
        gift_card(5000),
        who=member(),
        rewards=(
            reward(10, PercentageOffSale(500_000), "Moitié"),
            reward(20, AmountOffSale(1000), "Dix"),
            reward(30, FreeItem(items("Carte cadeau")), "Offerte"),
            reward(40, FreeItem(categories("Cadeaux")), "Cadeau"),
        ),
        discounts=(gesture,),
    )
    quote = price_sale(basket, terms(group(200_000)))
    assert quote.total_minor == 5000
    assert quote.points_to_redeem == 0  # rewards without effect cost nothing
    own = replace(gesture, line_id=basket.lines[0].id)
    assert price_sale(replace(basket, discounts=(own,)), terms()).total_minor == 2500


def test_tax_on_a_gift_card_is_reckoned_all_the_same() -> None:
    taxed = replace(gift_card(1200), tax_rates=(VAT_20,))
    quote = price_sale(sale(taxed, who=member()), terms())
    assert [tax.amount_minor for tax in quote.taxes] == [200]
