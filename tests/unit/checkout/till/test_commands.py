"""Codes of the command sheet: kept apart from everything else that can be scanned."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout.till.commands import Command, command_of
from codes import References, Unreadable, classify


@pytest.mark.parametrize("command", Command)
def test_a_command_is_no_reference_and_no_card(command: Command) -> None:
    # part of row 106
    assert isinstance(classify(command.code), Unreadable)
    assert command_of(f" {command.code.lower()}\n") is command


@given(st.text(max_size=40))
def test_nothing_else_is_a_command(text: str) -> None:
    known = {command.code for command in Command}
    assert (command_of(text) is not None) == (text.strip().upper() in known)
    if isinstance(classify(text), References):
        assert command_of(text) is None
