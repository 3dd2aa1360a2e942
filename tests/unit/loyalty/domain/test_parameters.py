import json

import pytest

from loyalty.domain.accrual import (
    ACCRUAL_RULES,
    AmountRule,
    Boundary,
    CategoryRule,
    Grant,
    ItemRule,
    TaxMode,
    VisitRule,
)
from loyalty.domain.expiry import EXPIRY_POLICIES, DaysAfter, MonthsToEnd, NeverExpires
from loyalty.domain.parameters import Registered, from_parameters, to_parameters
from loyalty.domain.promotions import INCENTIVES, PointsAddition, PointsMultiplier
from loyalty.domain.rewards import (
    REWARDS,
    AmountOffItems,
    AmountOffSale,
    FreeItem,
    PercentageOffItems,
    PercentageOffSale,
)
from loyalty.errors import InvalidValueError
from tests.unit.loyalty.domain.build import categories, items, named

EVERY_REGISTRY: list[dict[str, type[Registered]]] = [
    dict(ACCRUAL_RULES), dict(REWARDS), dict(EXPIRY_POLICIES), dict(INCENTIVES)
]  # fmt: skip
EXAMPLES: list[Registered] = [
    AmountRule(500, 2, TaxMode.AFTER_TAX, (named("b"), named("a")), (named("X"),)),
    VisitRule(2, 500, Boundary.AT_LEAST, TaxMode.AFTER_TAX, (named("a"),)),
    ItemRule((Grant(named("b"), 2), Grant(named("a"), 1))),
    CategoryRule((Grant(named("X"), 2),), (named("a"),)),
    PercentageOffSale(100_000, 500),
    AmountOffSale(500),
    PercentageOffItems(500_000, categories("X", "Y"), None, 300),
    AmountOffItems(200, items("a")),
    FreeItem(items("a", "b"), 2, 400),
    NeverExpires(),
    MonthsToEnd(12),
    DaysAfter(90),
    PointsMultiplier(1500),
    PointsAddition(5),
]


def test_every_kind_of_every_registry_has_an_example_here() -> None:
    kinds = {kind for registry in EVERY_REGISTRY for kind in registry}
    assert {example.kind for example in EXAMPLES} == kinds


@pytest.mark.parametrize("value", EXAMPLES, ids=lambda value: str(value.kind))
def test_what_is_stored_comes_back_as_it_was(value: Registered) -> None:
    registry = next(each for each in EVERY_REGISTRY if value.kind in each)
    stored = json.loads(json.dumps(to_parameters(value)))
    assert (stored["kind"], stored["v"]) == (value.kind, 1)
    assert from_parameters(registry, stored) == value
    del stored["v"]
    assert from_parameters(registry, stored) == value


def test_equal_values_are_stored_as_equal_text() -> None:
    one = PercentageOffItems(500_000, categories("X", "Y", "Z"))
    other = PercentageOffItems(500_000, categories("Z", "X", "Y"))
    assert json.dumps(to_parameters(one)) == json.dumps(to_parameters(other))
    assert AmountRule(100, excluded_item_ids=(named("b"), named("a"))) == AmountRule(
        100, excluded_item_ids=(named("a"), named("b"), named("a"))
    )


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"kind": "lottery"},
        {"kind": 7},
        {"kind": "amount"},
        {"kind": "amount", "tranche_minor": 0},
        {"kind": "amount", "tranche_minor": -100},
        {"kind": "amount", "tranche_minor": 1.5},
        {"kind": "amount", "tranche_minor": "100"},
        {"kind": "amount", "tranche_minor": True},
        {"kind": "amount", "tranche_minor": None},
        {"kind": "amount", "v": 2, "tranche_minor": 100},
        {"kind": "amount", "tranche_minor": 100, "colour": "red"},
        {"kind": "amount", "tranche_minor": 100, "tax_mode": "sometimes"},
        {"kind": "amount", "tranche_minor": 100, "excluded_item_ids": ["no id"]},
        {"kind": "amount", "tranche_minor": object()},
    ],
)
def test_what_no_constructor_would_take_is_refused_with_one_error(stored: dict[str, object]) -> None:
    with pytest.raises(InvalidValueError):
        from_parameters(ACCRUAL_RULES, stored)


def test_an_unknown_parameter_inside_is_refused_too() -> None:
    stored = to_parameters(FreeItem(items("a")))
    stored["scope"]["colour"] = "red"
    with pytest.raises(InvalidValueError, match="colour"):
        from_parameters(REWARDS, stored)
