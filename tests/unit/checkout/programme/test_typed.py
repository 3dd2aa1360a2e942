"""Fields are read or refused, never guessed; whatever is typed, nothing fails and nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout.programme.rule_form import read_rule, rule_typed
from checkout.programme.typed import FieldReader, Typed, amount_text
from checkout.words import words_for
from loyalty.domain.accrual import AccrualRule, AmountRule, Boundary, TaxMode, VisitRule
from tests.unit.checkout.programme.goods import NO_GOODS


def reader(**fields: str) -> FieldReader:
    return FieldReader(Typed.of(fields.items()), "EUR")


@pytest.mark.parametrize(
    ("typed", "places", "expected"),
    [
        ("9,975", 4, 99_750),
        ("10", 4, 100_000),
        ("12.5 %", 4, 125_000),
        ("1,5", 3, 1_500),
        ("2,000", 3, 2_000),
    ],
)
def test_decimals_are_read_with_either_mark(typed: str, places: int, expected: int) -> None:
    assert reader(x=typed).scaled("x", places, 1, 10**7, "rate_out_of_range") == expected


@given(st.text(max_size=60))
def test_any_text_is_a_value_in_range_or_a_problem(text: str) -> None:
    for read in ("whole", "money"):
        form = reader(x=text)
        value = getattr(form, read)("x", 1, 500)
        assert 1 <= value <= 500
        assert form.typed.one("x") == text
        for problem in form.problems.values():
            assert problem.text(words_for("fr"), "EUR")
    reader(x=text).scaled("x", 4, 1, 100, "rate_out_of_range")
    reader(x=text).day("x")
    reader(x=text).wall_time("x")


@given(
    st.one_of(
        st.builds(AmountRule, st.integers(1, 100_000), st.integers(1, 1_000), st.sampled_from(TaxMode)),
        st.builds(
            VisitRule,
            st.integers(1, 1_000),
            st.integers(0, 100_000),
            st.sampled_from(Boundary),
            st.sampled_from(TaxMode),
        ),
    ),
    st.sampled_from(["fr", "en"]),
)
def test_a_rule_that_is_shown_and_sent_back_is_the_same_rule(rule: AccrualRule, language: str) -> None:
    # rows 128, 130, 132
    typed = rule_typed(rule, "EUR", words_for(language, "FR"))
    form = FieldReader(typed, "EUR")
    assert read_rule(form, NO_GOODS) == rule
    assert form.problems == {}


def test_amounts_stand_in_fields_as_the_country_writes_them() -> None:
    assert amount_text(1250, "EUR", words_for("fr", "FR")) == "12,50"
    assert amount_text(1250, "CAD", words_for("en", "CA")) == "12.50"
    assert amount_text(1250, "JPY", words_for("fr", "FR")) == "1250"
