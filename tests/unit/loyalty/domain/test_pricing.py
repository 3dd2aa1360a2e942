from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from loyalty.domain.accrual import AmountRule
from loyalty.domain.catalogue import TaxInclusion, TaxRate
from loyalty.domain.group import DiscountScope, Group, GroupDiscount, ScopeKind
from loyalty.domain.identification import IdentificationMethod
from loyalty.domain.money import Currency
from loyalty.domain.pricing.engine import PricingTerms, points_for_any_member, price_sale
from loyalty.domain.programme import PointsName, ProgrammeVersion
from loyalty.domain.rewards import AmountOffSale, PercentageOffSale, RewardTerms
from loyalty.domain.sale import Sale, SaleLine, SaleMember, SaleReward
from loyalty.domain.trust import Trust
from loyalty.domain.why import WhyCode
from runtime.ids import new_id

AT = datetime(2026, 3, 2, tzinfo=UTC)
VAT_55 = TaxRate("vat-5.5", "TVA 5,5 %", 55_000, TaxInclusion.INCLUDED)
VAT_10 = TaxRate("vat-10", "TVA 10 %", 100_000, TaxInclusion.INCLUDED)
VAT_20 = TaxRate("vat-20", "TVA 20 %", 200_000, TaxInclusion.INCLUDED)
GST = TaxRate("gst", "TPS", 50_000, TaxInclusion.ON_TOP)
QST = TaxRate("qst", "TVQ", 99_750, TaxInclusion.ON_TOP)
PER_DOLLAR = ProgrammeVersion(1, AT, AmountRule(100), PointsName("point", "points"), ())


def line(price: int, quantity: int = 1, *taxes: TaxRate, category: UUID | None = None) -> SaleLine:
    return SaleLine(new_id(), new_id(), "Article", price, quantity, category, taxes)


def member(trust: Trust = Trust.SIGNED) -> SaleMember:
    return SaleMember(new_id(), new_id(), new_id(), IdentificationMethod.SIGNED_CARD, trust, new_id())


def reward(points: int, terms: RewardTerms, name: str = "Récompense") -> SaleReward:
    return SaleReward(new_id(), new_id(), name, points, terms)


def sale(*lines: SaleLine, who: SaleMember | None = None, rewards: tuple[SaleReward, ...] = ()) -> Sale:
    return Sale(new_id(), new_id(), Currency("EUR"), AT, lines=lines, member=who, rewards=rewards)


def group(rate_ppm: int, name: str = "Amis", scope: DiscountScope | None = None) -> Group:
    return Group(new_id(), name, GroupDiscount(rate_ppm, scope or DiscountScope()))


def terms(*groups: Group) -> PricingTerms:
    return PricingTerms(groups=groups, programme=PER_DOLLAR)


def test_a_ten_percent_tier_on_a_ten_dollar_order_leaves_nine_to_pay() -> None:
    # row 148
    quote = price_sale(
        sale(line(1000), who=member(), rewards=(reward(10, PercentageOffSale(100_000)),)), terms()
    )
    assert (quote.total_minor, quote.points_to_redeem, quote.points_to_earn) == (900, 10, 9)


def test_a_member_of_a_group_gets_its_twenty_percent() -> None:
    # rows 73, 110
    quote = price_sale(sale(line(1999), line(1), who=member()), terms(group(200_000)))
    assert (quote.subtotal_minor, quote.discount_minor, quote.total_minor) == (2000, 400, 1600)
    why = quote.discounts[0].why[0]
    assert (why.code, why.params["rate_ppm"], why.params["base_minor"]) == (
        WhyCode.GROUP_DISCOUNT,
        200_000,
        2000,
    )


def test_two_groups_do_not_add_up_and_the_better_one_applies() -> None:
    quote = price_sale(sale(line(1000), who=member()), terms(group(50_000, "Club"), group(100_000, "Amis")))
    assert [discount.name for discount in quote.discounts] == ["Amis"]
    assert quote.total_minor == 900


def test_a_discount_for_a_category_leaves_other_lines_alone() -> None:
    # row 81
    passes = new_id()
    scope = DiscountScope(ScopeKind.CATEGORY, frozenset({passes}))
    quote = price_sale(
        sale(line(1000, category=passes), line(1000), who=member()), terms(group(100_000, "Ski", scope))
    )
    assert [quoted.net_minor for quoted in quote.lines] == [900, 1000]


def test_a_typed_number_gets_a_proposal_until_staff_confirm() -> None:
    # X15
    typed = sale(line(1000), who=member(Trust.TYPED))
    quote = price_sale(typed, terms(group(100_000)))
    assert quote.total_minor == 1000
    assert quote.discounts == ()
    assert quote.proposal is not None
    assert (quote.proposal.amount_minor, quote.proposal.why.code) == (100, WhyCode.GROUP_DISCOUNT_PROPOSED)
    assert typed.member is not None
    confirmed = replace(typed, member=replace(typed.member, discount_confirmed_by=new_id()))
    quote = price_sale(confirmed, terms(group(100_000)))
    assert (quote.total_minor, quote.proposal) == (900, None)
    assert quote.discounts[0].why[0].code is WhyCode.GROUP_DISCOUNT_CONFIRMED


def test_a_bare_reference_gets_the_discount_by_itself() -> None:
    # X15, row 112
    quote = price_sale(sale(line(1000), who=member(Trust.REFERENCE)), terms(group(100_000)))
    assert quote.total_minor == 900


def test_an_amount_reward_takes_no_more_than_there_is_and_says_so() -> None:
    quote = price_sale(sale(line(150), who=member(), rewards=(reward(10, AmountOffSale(200)),)), terms())
    assert quote.total_minor == 0
    assert quote.discounts[0].why[-1].code is WhyCode.REWARD_CUT_TO_BASE


def test_a_percentage_reward_stops_at_its_ceiling_and_says_so() -> None:
    with_ceiling = reward(10, PercentageOffSale(500_000, ceiling_minor=300))
    quote = price_sale(sale(line(1000), who=member(), rewards=(with_ceiling,)), terms())
    assert quote.total_minor == 700
    assert quote.discounts[0].why[-1].code is WhyCode.REWARD_CUT_TO_CEILING


def test_a_reward_without_effect_costs_no_points() -> None:
    two = (reward(10, AmountOffSale(500)), reward(10, AmountOffSale(500)))
    quote = price_sale(sale(line(500), who=member(), rewards=two), terms())
    assert (quote.total_minor, quote.points_to_redeem) == (0, 10)
    assert quote.discounts[1].why[-1].code is WhyCode.REWARD_WITHOUT_EFFECT


def test_several_rewards_and_several_of_the_same_are_taken_together() -> None:
    # row 149, X11
    same = AmountOffSale(200)
    rewards = (reward(10, same), reward(10, same), reward(25, PercentageOffSale(100_000)))
    quote = price_sale(sale(line(2000), who=member(), rewards=rewards), terms())
    assert (quote.total_minor, quote.points_to_redeem) == (1400, 45)


def test_included_vat_at_several_rates_is_split_after_discounts() -> None:
    basket = sale(line(1190, 1, VAT_55), line(320, 2, VAT_10), line(2400, 1, VAT_20), who=member())
    quote = price_sale(basket, terms(group(100_000)))
    assert quote.total_minor == 3807
    assert {tax.id: (tax.base_minor, tax.amount_minor) for tax in quote.taxes} == {
        "vat-5.5": (1015, 56),
        "vat-10": (524, 52),
        "vat-20": (1800, 360),
    }
    assert quote.before_tax_minor == 1015 + 524 + 1800


def test_gst_and_qst_are_each_on_the_price_before_tax() -> None:
    quote = price_sale(sale(line(10_000, 1, GST, QST), who=member()), terms())
    assert [tax.amount_minor for tax in quote.taxes] == [500, 998]
    assert quote.total_minor == 11_498
    assert quote.points_to_earn == 100


def test_nobody_earns_without_an_account_and_the_reason_is_given() -> None:
    # row 173
    quote = price_sale(sale(line(1000)), terms())
    assert quote.points_to_earn == 0
    assert quote.points_why[0].code is WhyCode.NO_POINTS_WITHOUT_ACCOUNT


def test_training_earns_nothing_and_the_reason_is_given() -> None:
    quote = price_sale(replace(sale(line(1000), who=member()), is_training=True), terms())
    assert quote.points_why[0].code is WhyCode.NO_POINTS_IN_TRAINING


def test_no_programme_earns_nothing_and_the_reason_is_given() -> None:
    quote = price_sale(sale(line(1000), who=member()), PricingTerms())
    assert quote.points_why[0].code is WhyCode.NO_POINTS_WITHOUT_PROGRAMME


def test_the_invitation_promises_the_same_points_whoever_is_there() -> None:
    # row 170
    empty = sale(line(1234))
    known = replace(empty, member=member(Trust.TYPED))
    assert points_for_any_member(empty, terms()) == 12
    assert points_for_any_member(known, terms(group(100_000))) == 12


LINES = st.lists(
    st.builds(
        lambda price, quantity, taxes: line(price, quantity, *taxes),
        st.integers(0, 500_00),
        st.integers(1, 20),
        st.sampled_from([(), (VAT_55,), (VAT_20,), (GST, QST), (GST,)]),
    ),
    min_size=1,
    max_size=12,
)
TERMS = st.one_of(
    st.builds(PercentageOffSale, st.integers(1, 1_000_000), st.none() | st.integers(1, 20_00)),
    st.builds(AmountOffSale, st.integers(1, 300_00)),
)
REWARDS = st.lists(st.builds(reward, st.integers(1, 100), TERMS), max_size=5)
GROUPS = st.lists(st.builds(group, st.integers(1, 1_000_000)), max_size=3)


@given(LINES, REWARDS, GROUPS)
def test_every_quote_adds_up_to_the_cent(
    lines: list[SaleLine], rewards: list[SaleReward], groups: list[Group]
) -> None:
    quote = price_sale(sale(*lines, who=member(), rewards=tuple(rewards)), terms(*groups))
    on_top = sum(tax.amount_minor for tax in quote.taxes if tax.inclusion is TaxInclusion.ON_TOP)
    assert quote.total_minor == quote.subtotal_minor - quote.discount_minor + on_top
    assert sum(quoted.net_minor for quoted in quote.lines) == quote.subtotal_minor - quote.discount_minor
    assert all(0 <= quoted.net_minor <= quoted.gross_minor for quoted in quote.lines)
    assert all(tax.amount_minor >= 0 for tax in quote.taxes)
    assert quote.before_tax_minor >= 0
    assert all(discount.why for discount in quote.discounts)
    assert quote.points_why


@given(LINES, REWARDS, GROUPS, st.randoms())
def test_the_order_of_attaching_changes_nothing(
    lines: list[SaleLine], rewards: list[SaleReward], groups: list[Group], random: object
) -> None:
    # row 174
    basket = sale(*lines, who=member(), rewards=tuple(rewards))
    one = price_sale(basket, terms(*groups))
    for values in (lines, rewards, groups):
        random.shuffle(values)  # type: ignore[attr-defined]
    other = price_sale(replace(basket, lines=tuple(lines), rewards=tuple(rewards)), terms(*groups))
    assert set(one.lines) == set(other.lines)
    assert replace(one, lines=()) == replace(other, lines=())
