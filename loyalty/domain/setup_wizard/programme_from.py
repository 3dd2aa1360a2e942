"""The programme that answers make, or what is wrong with them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from loyalty.domain.accrual import (
    AccrualRule,
    AmountRule,
    Boundary,
    CategoryRule,
    Grant,
    ItemRule,
    TaxMode,
    VisitRule,
)
from loyalty.domain.expiry import NEVER, DaysAfter, ExpiryPolicy, MonthsToEnd
from loyalty.domain.group import DiscountScope, ScopeKind
from loyalty.domain.programme import PointsName, ProgrammeVersion, RewardTier
from loyalty.domain.rewards import AmountOffSale, FreeItem, PercentageOffSale, RewardTerms
from loyalty.domain.setup_wizard.questions import AnswerKind, Answers, Question, questions_to_ask
from loyalty.domain.text import clean_line
from loyalty.domain.why import Refusal

_NUMBERS = (AnswerKind.MONEY, AnswerKind.NUMBER, AnswerKind.RATE)


@dataclass(frozen=True, slots=True)
class Problem:
    """An answer that cannot be taken, and the reason."""

    question: str
    reason: Refusal


def programme_from(
    answers: Answers, *, tier_id: UUID, valid_from: datetime
) -> ProgrammeVersion | tuple[Problem, ...]:
    """The first version of the programme; what was not answered has its default.

    Answers to questions that are not asked are left aside.
    """
    asked = questions_to_ask(answers)
    given = {question.id: answers.get(question.id, question.default) for question in asked}
    problems = tuple(
        Problem(question.id, reason)
        for question in asked
        if (reason := _fault(question, given[question.id])) is not None
    )
    if problems:
        return problems
    read = _Reader(given)
    tier = RewardTier(tier_id, read.text("reward_name"), read.number("reward_points"), _terms(read))
    return ProgrammeVersion(
        version=1,
        valid_from=valid_from,
        accrual=_rule(read),
        points_name=PointsName(read.text("points_name_one"), read.text("points_name_many")),
        tiers=(tier,),
        expiry=_expiry(read),
    )


class _Reader:
    """Checked answers by type."""

    def __init__(self, given: Answers) -> None:
        self._given = given

    def text(self, question: str) -> str:
        value = self._given[question]
        return clean_line(value, len(value)) or "" if isinstance(value, str) else ""

    def number(self, question: str) -> int:
        value = self._given[question]
        return value if isinstance(value, int) else 0

    def ids(self, question: str) -> tuple[UUID, ...]:
        value = self._given.get(question, ())
        return tuple(each for each in value if isinstance(each, UUID)) if isinstance(value, tuple) else ()

    def grants(self, question: str) -> tuple[Grant, ...]:
        value = self._given[question]
        return tuple(each for each in value if isinstance(each, Grant)) if isinstance(value, tuple) else ()


def _fault(question: Question, value: object) -> Refusal | None:
    if question.kind is AnswerKind.CHOICE:
        return None if value in question.options else Refusal.NOT_RECOGNISED
    if question.kind in _NUMBERS:
        return _number_fault(question, value)
    if question.kind is AnswerKind.TEXT:
        return _text_fault(question, value)
    return _list_fault(question, value)


def _number_fault(question: Question, value: object) -> Refusal | None:
    if (
        isinstance(value, int)
        and not isinstance(value, bool)
        and question.minimum <= value <= question.maximum
    ):
        return None
    return Refusal.AMOUNT_OUT_OF_RANGE


def _list_fault(question: Question, value: object) -> Refusal | None:
    wanted = Grant if question.kind is AnswerKind.GRANTS else UUID
    if not isinstance(value, tuple) or not all(isinstance(each, wanted) for each in value):
        return Refusal.NOT_RECOGNISED
    if len({each.id if isinstance(each, Grant) else each for each in value}) != len(value):
        return Refusal.NAMED_TWICE
    return None if len(value) >= question.minimum else Refusal.ITEM_UNKNOWN


def _text_fault(question: Question, value: object) -> Refusal | None:
    line = clean_line(value, len(value)) if isinstance(value, str) else None
    if line is None:
        return Refusal.TIER_NAME_MISSING if question.id == "reward_name" else Refusal.NAME_INVALID
    if len(line) > question.maximum:
        return Refusal.TIER_NAME_TOO_LONG if question.id == "reward_name" else Refusal.NAME_INVALID
    return None


def _rule(read: _Reader) -> AccrualRule:
    kind = read.text("earn_by")
    if kind == ItemRule.kind:
        return ItemRule(read.grants("item_points"))
    if kind == CategoryRule.kind:
        return CategoryRule(read.grants("category_points"), read.ids("excluded_items"))
    tax_mode = TaxMode(read.text("tax_mode"))
    items, categories = read.ids("excluded_items"), read.ids("excluded_categories")
    if kind == VisitRule.kind:
        return VisitRule(
            points=read.number("visit_points"),
            minimum_minor=read.number("visit_minimum"),
            boundary=Boundary(read.text("visit_boundary")),
            tax_mode=tax_mode,
            excluded_item_ids=items,
            excluded_category_ids=categories,
        )
    return AmountRule(
        tranche_minor=read.number("amount_tranche"),
        points_per_tranche=read.number("amount_points"),
        tax_mode=tax_mode,
        excluded_item_ids=items,
        excluded_category_ids=categories,
    )


def _terms(read: _Reader) -> RewardTerms:
    kind = read.text("reward_kind")
    if kind == PercentageOffSale.kind:
        return PercentageOffSale(read.number("reward_rate"))
    if kind == FreeItem.kind:
        return FreeItem(DiscountScope(ScopeKind.ITEM, frozenset(read.ids("reward_items"))))
    return AmountOffSale(read.number("reward_amount"))


def _expiry(read: _Reader) -> ExpiryPolicy:
    kind = read.text("expiry")
    if kind == MonthsToEnd.kind:
        return MonthsToEnd(read.number("expiry_months"))
    return DaysAfter(read.number("expiry_days")) if kind == DaysAfter.kind else NEVER
