"""The staff corner's code and what devices keep of it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from messaging.errors import MalformedMessageError
from messaging.staff_code import is_right, verifier_of


def test_the_right_code_and_no_other() -> None:
    verifier = verifier_of("482913")
    assert is_right("482913", verifier)
    assert not is_right("482914", verifier)
    assert "482913" not in verifier


def test_two_shops_with_the_same_code_keep_different_things() -> None:
    assert verifier_of("482913") != verifier_of("482913")


@pytest.mark.parametrize("code", ["", "12345", "12345678901", "12a456", "１２３４５６"])
def test_what_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(MalformedMessageError):
        verifier_of(code)
    assert not is_right(code, verifier_of("123456"))


@settings(max_examples=50)
@given(st.text(max_size=90))
def test_a_verifier_that_is_none_lets_nobody_in(text: str) -> None:
    assert not is_right("482913", text)
