from hypothesis import given
from hypothesis import strategies as st

from loyalty.domain.text import clean_line, without_controls


def test_lines_stay_and_what_turns_or_rings_goes():
    # part of row 209
    assert without_controls("a\x00b\x1b[31m\u202ec\nd\té") == "ab[31mc\nd\té"


def test_control_and_override_characters_are_dropped_and_spaces_folded() -> None:
    # row 209
    assert clean_line("  Zo\u202eé\x00\x1b[31m \n Lefèvre ", 60) == "Zoé[31m Lefèvre"


def test_nothing_left_is_none() -> None:
    assert clean_line(" \u200f\x07 ", 60) is None


def test_long_text_is_cut() -> None:
    assert clean_line("a" * 100, 60) == "a" * 60


@given(st.text())
def test_the_result_is_one_printable_line(text: str) -> None:
    line = clean_line(text, 60)
    assert line is None or (0 < len(line) <= 60 and "\n" not in line and "\x00" not in line)
    assert line is None or clean_line(line, 60) == line
