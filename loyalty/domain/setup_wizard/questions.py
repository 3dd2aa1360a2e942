"""The questions, in the order in which they are asked. Their words are the page's, by question id."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from loyalty.domain.accrual import AmountRule, Boundary, CategoryRule, Grant, ItemRule, TaxMode, VisitRule
from loyalty.domain.expiry import DaysAfter, MonthsToEnd, NeverExpires
from loyalty.domain.rewards import AmountOffSale, FreeItem, PercentageOffSale

Answer = str | int | tuple[UUID, ...] | tuple[Grant, ...]
Answers = Mapping[str, Answer]
"""By question id."""


class AnswerKind(StrEnum):
    """What an answer looks like."""

    CHOICE = "choice"
    MONEY = "money"
    """Minor units."""
    NUMBER = "number"
    RATE = "rate"
    """Parts per million."""
    TEXT = "text"
    ITEMS = "items"
    """Ids of items."""
    CATEGORIES = "categories"
    """Ids of categories."""
    GRANTS = "grants"
    """Items or categories with points for each."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question. It is asked only where every answer in ``only_if`` was given."""

    id: str
    kind: AnswerKind
    default: Answer
    """Empty: must be answered."""
    options: tuple[str, ...] = ()
    minimum: int = 0
    maximum: int = 0
    only_if: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Question ids with the answers of which one must have been given."""

    def is_asked(self, answers: Answers) -> bool:
        return all(answers.get(question) in wanted for question, wanted in self.only_if)


def _if(question: str, *answers: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return ((question, answers),)


QUESTIONS: tuple[Question, ...] = (
    Question(
        "earn_by",
        AnswerKind.CHOICE,
        AmountRule.kind,
        options=(AmountRule.kind, VisitRule.kind, ItemRule.kind, CategoryRule.kind),
    ),
    Question(
        "visit_minimum", AnswerKind.MONEY, 5_00, maximum=1_000_00, only_if=_if("earn_by", VisitRule.kind)
    ),
    Question(
        "visit_boundary",
        AnswerKind.CHOICE,
        Boundary.MORE_THAN.value,
        options=tuple(Boundary),
        only_if=_if("earn_by", VisitRule.kind),
    ),
    Question(
        "visit_points", AnswerKind.NUMBER, 1, minimum=1, maximum=1000, only_if=_if("earn_by", VisitRule.kind)
    ),
    Question(
        "amount_tranche",
        AnswerKind.MONEY,
        1_00,
        minimum=1,
        maximum=1_000_00,
        only_if=_if("earn_by", AmountRule.kind),
    ),
    Question(
        "amount_points",
        AnswerKind.NUMBER,
        1,
        minimum=1,
        maximum=1000,
        only_if=_if("earn_by", AmountRule.kind),
    ),
    Question(
        "tax_mode",
        AnswerKind.CHOICE,
        TaxMode.BEFORE_TAX.value,
        options=tuple(TaxMode),
        only_if=_if("earn_by", AmountRule.kind, VisitRule.kind),
    ),
    Question(
        "excluded_items",
        AnswerKind.ITEMS,
        (),
        only_if=_if("earn_by", AmountRule.kind, VisitRule.kind, CategoryRule.kind),
    ),
    Question(
        "excluded_categories",
        AnswerKind.CATEGORIES,
        (),
        only_if=_if("earn_by", AmountRule.kind, VisitRule.kind),
    ),
    Question("item_points", AnswerKind.GRANTS, (), minimum=1, only_if=_if("earn_by", ItemRule.kind)),
    Question("category_points", AnswerKind.GRANTS, (), minimum=1, only_if=_if("earn_by", CategoryRule.kind)),
    Question("points_name_one", AnswerKind.TEXT, "point", minimum=1, maximum=30),
    Question("points_name_many", AnswerKind.TEXT, "points", minimum=1, maximum=30),
    Question(
        "reward_kind",
        AnswerKind.CHOICE,
        AmountOffSale.kind,
        options=(AmountOffSale.kind, PercentageOffSale.kind, FreeItem.kind),
    ),
    Question("reward_name", AnswerKind.TEXT, "", minimum=1, maximum=100),
    Question("reward_points", AnswerKind.NUMBER, 100, minimum=1, maximum=1_000_000),
    Question(
        "reward_amount",
        AnswerKind.MONEY,
        5_00,
        minimum=1,
        maximum=10_000_00,
        only_if=_if("reward_kind", AmountOffSale.kind),
    ),
    Question(
        "reward_rate",
        AnswerKind.RATE,
        100_000,
        minimum=1,
        maximum=1_000_000,
        only_if=_if("reward_kind", PercentageOffSale.kind),
    ),
    Question("reward_items", AnswerKind.ITEMS, (), minimum=1, only_if=_if("reward_kind", FreeItem.kind)),
    Question(
        "expiry",
        AnswerKind.CHOICE,
        MonthsToEnd.kind,
        options=(NeverExpires.kind, MonthsToEnd.kind, DaysAfter.kind),
    ),
    Question(
        "expiry_months",
        AnswerKind.NUMBER,
        12,
        minimum=1,
        maximum=120,
        only_if=_if("expiry", MonthsToEnd.kind),
    ),
    Question(
        "expiry_days", AnswerKind.NUMBER, 365, minimum=1, maximum=3660, only_if=_if("expiry", DaysAfter.kind)
    ),
)


def questions_to_ask(answers: Answers) -> tuple[Question, ...]:
    """The questions that these answers leave to be asked, also those answered already, in order.

    A question that is not answered yet counts with its default, so that what follows from it is asked.
    """
    known = {question.id: question.default for question in QUESTIONS} | dict(answers)
    return tuple(question for question in QUESTIONS if question.is_asked(known))
