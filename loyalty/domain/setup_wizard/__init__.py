"""Setting up the first programme: questions as data, and the programme that the answers make (row 138)."""

from loyalty.domain.setup_wizard.programme_from import Problem, programme_from
from loyalty.domain.setup_wizard.questions import QUESTIONS, AnswerKind, Answers, Question, questions_to_ask

__all__ = [
    "QUESTIONS",
    "AnswerKind",
    "Answers",
    "Problem",
    "Question",
    "programme_from",
    "questions_to_ask",
]
