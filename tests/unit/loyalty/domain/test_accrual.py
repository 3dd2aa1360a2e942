import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.domain.accrual import (
    AccrualBase,
    AccrualRule,
    AmountRule,
    Boundary,
    CategoryRule,
    Grant,
    ItemRule,
    TaxMode,
    VisitRule,
)
from loyalty.domain.why import WhyCode
from loyalty.errors import InvalidValueError
from tests.unit.loyalty.domain.build import base, bought, named


@pytest.mark.parametrize(("spent", "points"), [(499, 0), (500, 0), (501, 1), (50_000, 1)])
def test_a_visit_earns_one_point_when_more_than_five_dollars_are_spent(spent: int, points: int) -> None:
    # row 128, X5
    accrued = VisitRule(minimum_minor=500).accrue(base(bought("Café", spent)))
    assert accrued.points == points
    assert accrued.why[0].params["base_minor"] == spent


def test_the_shop_may_let_the_minimum_itself_be_enough() -> None:
    # X5
    rule = VisitRule(minimum_minor=500, boundary=Boundary.AT_LEAST)
    assert [rule.accrue(base(bought("Café", spent))).points for spent in (499, 500)] == [0, 1]


def test_excluded_items_do_not_count_towards_the_minimum_and_are_named() -> None:
    # rows 129, 173
    rule = VisitRule(
        minimum_minor=500,
        excluded_item_ids=(named("Carte-cadeau"),),
        excluded_category_ids=(named("Tabac"),),
    )
    basket = base(
        bought("Café", 450), bought("Carte-cadeau", 5000), bought("Cigarettes", 1200, category="Tabac")
    )
    accrued = rule.accrue(basket)
    assert accrued.points == 0
    assert accrued.why[0].code is WhyCode.NO_POINTS_BELOW_MINIMUM
    assert accrued.why[1].code is WhyCode.ITEMS_EXCLUDED
    assert accrued.why[1].params["items"] == "Carte-cadeau, Cigarettes"
    assert accrued.why[1].params["excluded_minor"] == 6200


def test_a_sale_of_nothing_but_excluded_items_is_no_qualifying_visit() -> None:
    rule = VisitRule(boundary=Boundary.AT_LEAST, excluded_item_ids=(named("Carte-cadeau"),))
    assert rule.accrue(base(bought("Carte-cadeau", 5000))).points == 0


def test_a_sale_that_costs_nothing_is_no_qualifying_visit() -> None:
    assert VisitRule().accrue(base(bought("Café", 0, 0))).points == 0


@pytest.mark.parametrize(
    ("spent", "tranche", "points"), [(1200, 100, 12), (10_500, 1000, 10), (499, 500, 0), (1999, 500, 3)]
)
def test_an_amount_earns_by_whole_tranches(spent: int, tranche: int, points: int) -> None:
    # row 130
    assert AmountRule(tranche).accrue(base(bought("Café", spent))).points == points


def test_the_shop_may_count_the_tax_and_by_default_does_not() -> None:
    # row 132, X6
    basket = base(bought("Livre", 1000, with_tax=1150))
    assert AmountRule(100).accrue(basket).points == 10
    assert AmountRule(100, tax_mode=TaxMode.AFTER_TAX).accrue(basket).points == 11
    assert VisitRule(minimum_minor=1000).accrue(basket).points == 0
    assert VisitRule(minimum_minor=1000, tax_mode=TaxMode.AFTER_TAX).accrue(basket).points == 1


def test_an_amount_leaves_out_what_the_shop_excludes_in_the_tax_mode_it_chose() -> None:
    basket = base(bought("Livre", 1000, with_tax=1150), bought("Carte-cadeau", 2000, with_tax=2300))
    for tax_mode, points, excluded in ((TaxMode.BEFORE_TAX, 10, 2000), (TaxMode.AFTER_TAX, 11, 2300)):
        rule = AmountRule(100, tax_mode=tax_mode, excluded_item_ids=(named("Carte-cadeau"),))
        accrued = rule.accrue(basket)
        assert (accrued.points, accrued.why[1].params["excluded_minor"]) == (points, excluded)


COFFEE_BAR = ItemRule(
    (Grant(named("Café filtre"), 1), Grant(named("Café latté"), 2), Grant(named("Sandwich"), 3))
)


@pytest.mark.parametrize(
    ("item", "points"), [("Café filtre", 1), ("Café latté", 2), ("Sandwich", 3), ("Thé", 0)]
)
def test_drip_coffee_one_latte_two_sandwich_three(item: str, points: int) -> None:
    # rows 120, 131
    accrued = COFFEE_BAR.accrue(base(bought(item, 450)))
    assert accrued.points == points


def test_each_line_that_earns_says_how() -> None:
    # rows 131, 173
    accrued = COFFEE_BAR.accrue(
        base(bought("Café latté", 900, 2), bought("Thé", 300), bought("Sandwich", 800))
    )
    assert accrued.points == 7
    assert [(why.code, why.params["item"], why.params["points"]) for why in accrued.why] == [
        (WhyCode.POINTS_BY_ITEM, "Café latté", 4),
        (WhyCode.POINTS_BY_ITEM, "Sandwich", 3),
    ]


def test_a_variation_counts_in_the_place_of_its_item() -> None:
    rule = ItemRule((Grant(named("Café latté"), 2), Grant(named("grand"), 3)))
    assert rule.accrue(base(bought("Café latté", 450, variation="petit"))).points == 2
    assert rule.accrue(base(bought("Café latté", 550, variation="grand"))).points == 3


def test_a_category_earns_for_everything_in_it_but_what_is_left_out() -> None:
    # rows 120, 131
    rule = CategoryRule((Grant(named("Chaud"), 2),), excluded_item_ids=(named("Eau chaude"),))
    basket = base(
        bought("Thé", 300, 2, category="Chaud"),
        bought("Eau chaude", 50, category="Chaud"),
        bought("Jus", 400, category="Froid"),
    )
    accrued = rule.accrue(basket)
    assert accrued.points == 4
    assert accrued.why[-1].code is WhyCode.ITEMS_EXCLUDED
    assert accrued.why[-1].params["items"] == "Eau chaude"


def test_nothing_bought_of_what_earns_gives_the_reason() -> None:
    assert COFFEE_BAR.accrue(base(bought("Thé", 300))).why[0].code is WhyCode.NO_POINTS_WITHOUT_ITEM


@pytest.mark.parametrize(
    "make",
    [
        lambda: AmountRule(0),
        lambda: AmountRule(-100),
        lambda: AmountRule(100, 0),
        lambda: VisitRule(points=0),
        lambda: VisitRule(minimum_minor=-1),
        lambda: ItemRule(()),
        lambda: CategoryRule(()),
        lambda: Grant(named("Café"), 0),
        lambda: ItemRule((Grant(named("Café"), 1), Grant(named("Café"), 2))),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(make: object) -> None:
    with pytest.raises(InvalidValueError):
        make()  # type: ignore[operator]


RULES: list[AccrualRule] = [
    AmountRule(100),
    AmountRule(700, 3, TaxMode.AFTER_TAX, (named("a"),), (named("X"),)),
    VisitRule(2, 500),
    VisitRule(1, 500, Boundary.AT_LEAST, excluded_category_ids=(named("X"),)),
    ItemRule((Grant(named("a"), 1), Grant(named("b"), 4))),
    CategoryRule((Grant(named("X"), 2),), (named("b"),)),
]
BASES = st.lists(
    st.builds(
        lambda name, amount, tax, quantity, category: bought(
            name, amount, quantity, with_tax=amount + tax, category=category
        ),
        st.sampled_from("abc"),
        st.integers(0, 20_000),
        st.integers(0, 3_000),
        st.integers(0, 5),
        st.sampled_from(["X", "Y", None]),
    ),
    max_size=6,
)


@given(st.sampled_from(RULES), BASES)
def test_no_rule_ever_takes_points_or_stays_silent(rule: AccrualRule, lines: list[object]) -> None:
    accrued = rule.accrue(base(*lines))  # type: ignore[arg-type]
    assert accrued.points >= 0
    assert accrued.why


@given(st.sampled_from(RULES), BASES, st.data())
def test_buying_less_never_earns_more(rule: AccrualRule, lines: list[object], data: st.DataObject) -> None:
    if not lines:
        return
    fewer = list(lines)
    del fewer[data.draw(st.integers(0, len(lines) - 1))]
    less: AccrualBase = base(*fewer)  # type: ignore[arg-type]
    assert rule.accrue(less).points <= rule.accrue(base(*lines)).points  # type: ignore[arg-type]
