"""How alike names are."""

import pytest

from loyalty.domain.duplicates.grades import name_levels
from loyalty.domain.duplicates.short_forms import are_short_forms


@pytest.mark.parametrize(
    ("one", "other", "at_least"),
    [
        ("william", "bill", 3),
        ("billy", "bill", 3),
        ("jean pierre", "jp", 3),
        ("stephanie", "steph", 3),
        ("martin dupont", "dupont", 3),
        ("j", "james", 2),
        ("catherine", "katherine", 3),
        ("gabrielle", "gabriele", 4),
    ],
)
def test_names_that_may_be_one(one: str, other: str, at_least: int) -> None:
    assert name_levels([one], [other])[0] >= at_least
    assert name_levels([other], [one])[0] >= at_least


@pytest.mark.parametrize(
    ("one", "other"), [("bill", "bob"), ("j", "mary"), ("kevin", "paul"), ("li", "ana li"), ("", "x")]
)
def test_names_that_are_two(one: str, other: str) -> None:
    assert name_levels([one], [other])[0] < 2


def test_a_name_that_is_not_in_the_list_has_no_short_form() -> None:
    assert not are_short_forms("zwk", "zwk")
    assert are_short_forms("jean francois", "jf")
    assert not are_short_forms("jean", "jf")
