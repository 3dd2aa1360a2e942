import pytest

from loyalty.domain.accrual import AmountRule, Boundary, CategoryRule, Grant, ItemRule, TaxMode, VisitRule
from loyalty.domain.expiry import NEVER, DaysAfter, MonthsToEnd
from loyalty.domain.programme import PointsName, ProgrammeVersion
from loyalty.domain.rewards import AmountOffSale, FreeItem, PercentageOffSale
from loyalty.domain.setup_wizard import (
    QUESTIONS,
    AnswerKind,
    Answers,
    Problem,
    programme_from,
    questions_to_ask,
)
from loyalty.domain.why import Refusal
from tests.unit.loyalty.domain.build import AT, items, named

TIER = named("tier")


def made(**answers: object) -> ProgrammeVersion:
    given: Answers = {"reward_name": "5 € offerts", **answers}  # type: ignore[dict-item]
    result = programme_from(given, tier_id=TIER, valid_from=AT)
    assert isinstance(result, ProgrammeVersion)
    return result


def problems(**answers: object) -> set[tuple[str, Refusal]]:
    given: Answers = {"reward_name": "5 € offerts", **answers}  # type: ignore[dict-item]
    result = programme_from(given, tier_id=TIER, valid_from=AT)
    assert isinstance(result, tuple)
    assert all(isinstance(each, Problem) for each in result)
    return {(each.question, each.reason) for each in result}


def test_who_only_names_the_reward_gets_a_programme_that_works() -> None:
    # row 138
    first = made()
    assert (first.version, first.accrual, first.expiry) == (1, AmountRule(100), MonthsToEnd(12))
    assert first.points_name == PointsName("point", "points")
    assert [(tier.id, tier.name, tier.points, tier.terms) for tier in first.tiers] == [
        (TIER, "5 € offerts", 100, AmountOffSale(500))
    ]


@pytest.mark.parametrize(
    ("answers", "rule"),
    [
        (
            {"earn_by": "visit", "visit_minimum": 700, "visit_boundary": "at_least", "visit_points": 2,
             "excluded_items": (named("Carte-cadeau"),)},
            VisitRule(2, 700, Boundary.AT_LEAST, TaxMode.BEFORE_TAX, (named("Carte-cadeau"),)),
        ),
        (
            {"earn_by": "amount", "amount_tranche": 500, "amount_points": 3, "tax_mode": "after_tax"},
            AmountRule(500, 3, TaxMode.AFTER_TAX),
        ),
        (
            {"earn_by": "item", "item_points": (Grant(named("Café filtre"), 1), Grant(named("Café latté"), 2))},
            ItemRule((Grant(named("Café filtre"), 1), Grant(named("Café latté"), 2))),
        ),
        (
            {"earn_by": "category", "category_points": (Grant(named("Chaud"), 1),)},
            CategoryRule((Grant(named("Chaud"), 1),)),
        ),
    ],
)  # fmt: skip
def test_each_way_of_earning_can_be_set_up(answers: dict[str, object], rule: object) -> None:
    # rows 120, 138
    assert made(**answers).accrual == rule


def test_each_kind_of_first_reward_and_expiry_can_be_set_up() -> None:
    # row 138
    assert made(reward_kind="percentage_off_sale", reward_rate=150_000).tiers[0].terms == PercentageOffSale(
        150_000
    )
    free = made(reward_kind="free_item", reward_items=(named("Café"),))
    assert free.tiers[0].terms == FreeItem(items("Café"))
    assert made(expiry="never").expiry == NEVER
    assert made(expiry="days_after", expiry_days=90).expiry == DaysAfter(90)


def test_only_what_follows_from_the_answers_is_asked() -> None:
    asked = [question.id for question in questions_to_ask({"earn_by": "item", "expiry": "never"})]
    assert asked == [
        "earn_by", "item_points", "points_name_one", "points_name_many",
        "reward_kind", "reward_name", "reward_points", "reward_amount", "expiry",
    ]  # fmt: skip


def test_answers_to_questions_that_are_not_asked_are_left_aside() -> None:
    assert made(earn_by="amount", visit_minimum=-5, item_points="?").accrual == AmountRule(100)


def test_every_problem_is_named_at_once_with_its_question() -> None:
    assert problems(
        reward_name="", points_name_one="x" * 31, reward_points=0, amount_tranche=1.5, expiry="sometimes"
    ) == {
        ("reward_name", Refusal.TIER_NAME_MISSING),
        ("points_name_one", Refusal.NAME_INVALID),
        ("reward_points", Refusal.AMOUNT_OUT_OF_RANGE),
        ("amount_tranche", Refusal.AMOUNT_OUT_OF_RANGE),
        ("expiry", Refusal.NOT_RECOGNISED),
    }


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ({"reward_name": "x" * 101}, ("reward_name", Refusal.TIER_NAME_TOO_LONG)),
        ({"amount_points": True}, ("amount_points", Refusal.AMOUNT_OUT_OF_RANGE)),
        ({"amount_tranche": -100}, ("amount_tranche", Refusal.AMOUNT_OUT_OF_RANGE)),
        ({"amount_tranche": 10**9}, ("amount_tranche", Refusal.AMOUNT_OUT_OF_RANGE)),
        ({"earn_by": "item"}, ("item_points", Refusal.ITEM_UNKNOWN)),
        ({"earn_by": "item", "item_points": ("x",)}, ("item_points", Refusal.NOT_RECOGNISED)),
        (
            {"earn_by": "item", "item_points": (Grant(TIER, 1), Grant(TIER, 2))},
            ("item_points", Refusal.NAMED_TWICE),
        ),
        ({"reward_kind": "free_item"}, ("reward_items", Refusal.ITEM_UNKNOWN)),
    ],
)
def test_an_answer_that_cannot_be_taken_gives_its_reason(
    answers: dict[str, object], problem: tuple[str, Refusal]
) -> None:
    assert problems(**answers) == {problem}


def test_every_choice_has_its_default_among_its_options_and_names_are_unique() -> None:
    assert len({question.id for question in QUESTIONS}) == len(QUESTIONS)
    for question in QUESTIONS:
        assert question.kind is not AnswerKind.CHOICE or question.default in question.options
