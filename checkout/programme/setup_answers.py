"""The set-up's questions as form fields in a few steps, and what was typed as answers (row 138)."""

from collections.abc import Mapping
from dataclasses import dataclass

from checkout.programme.goods import Goods
from checkout.programme.rule_form import read_grants
from checkout.programme.typed import FieldReader, Typed, amount_text
from checkout.words import Words
from checkout.words.figures import decimal_text
from loyalty.domain.programme_edit import checked_points_name, checked_tier_name
from loyalty.domain.setup_wizard import QUESTIONS, AnswerKind, Question
from loyalty.domain.setup_wizard.questions import Answer
from loyalty.domain.why import Refused

_STEPS: Mapping[str, tuple[str, ...]] = {
    "way": ("earn_by",),
    "earn": (
        "visit_minimum", "visit_boundary", "visit_points", "amount_tranche", "amount_points", "tax_mode",
        "excluded_items", "excluded_categories", "item_points", "category_points",
    ),
    "name": ("points_name_one", "points_name_many"),
    "reward": ("reward_kind", "reward_name", "reward_points", "reward_amount", "reward_rate", "reward_items"),
    "expiry": ("expiry", "expiry_months", "expiry_days"),
}  # fmt: skip
STEPS = tuple(_STEPS)


@dataclass(frozen=True)
class StepAnswers:
    """What was read of the steps so far."""

    answers: dict[str, Answer]
    reader: FieldReader


def step_questions(step: str) -> tuple[Question, ...]:
    """The questions of a step, those too that other answers may leave out."""
    return tuple(question for question in QUESTIONS if question.id in _STEPS[step])


def default_typed(words: Words, currency: str) -> Typed:
    """The form with each question's default typed in."""
    pairs: list[tuple[str, str]] = []
    for question in QUESTIONS:
        if question.kind is AnswerKind.MONEY and isinstance(question.default, int):
            pairs.append((question.id, amount_text(question.default, currency, words)))
        elif question.kind is AnswerKind.RATE and isinstance(question.default, int):
            pairs.append((question.id, decimal_text(words, question.default, 4)))
        elif isinstance(question.default, str | int):
            pairs.append((question.id, str(question.default)))
    return Typed.of(pairs)


def read_step(
    reader: FieldReader, step: str, answers: Mapping[str, Answer], goods: Goods
) -> dict[str, Answer]:
    """The answers with those of this step added; only what the answers leave to be asked is read."""
    found = dict(answers)
    for question in step_questions(step):
        known = {each.id: each.default for each in QUESTIONS} | found
        if question.is_asked(known):
            found[question.id] = _answer(reader, question, goods)
    return found


def _answer(reader: FieldReader, question: Question, goods: Goods) -> Answer:
    name = question.id
    if question.kind is AnswerKind.CHOICE:
        return reader.choice(name, question.options, str(question.default))
    if question.kind is AnswerKind.MONEY:
        return reader.money(name, question.minimum, question.maximum)
    if question.kind is AnswerKind.NUMBER:
        return reader.whole(name, question.minimum, question.maximum)
    if question.kind is AnswerKind.RATE:
        return reader.scaled(name, 4, question.minimum, question.maximum, "rate_out_of_range")
    if question.kind is AnswerKind.ITEMS:
        return reader.ids(name, goods.items)
    if question.kind is AnswerKind.CATEGORIES:
        return reader.ids(name, goods.categories)
    if question.kind is AnswerKind.GRANTS:
        known = goods.items if name == "item_points" else goods.categories
        return read_grants(reader, f"{name}-", known)
    return _text(reader, question)


def _text(reader: FieldReader, question: Question) -> str:
    """A name: refused right here, not at the end of all questions."""
    typed = reader.text(question.id)
    if question.id == "reward_name":
        checked = checked_tier_name(typed)
    else:
        names = checked_points_name(typed, typed)
        checked = names if isinstance(names, Refused) else names.one
    if isinstance(checked, Refused):
        reader.refuse(question.id, checked)
        return typed
    return checked
