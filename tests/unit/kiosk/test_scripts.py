"""Text from the right, in the order it is drawn."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.scripts import base_is_right, drawn_order, from_the_left, joined, pieces, runs_from_the_right

NAME = "Maison Lumen"


def test_letters_take_the_form_they_have_beside_their_neighbours() -> None:
    # part of row 189
    assert joined("بيت") == "\ufe91\ufef4\ufe96"
    assert joined("لا") == "\ufefb"  # a ligature
    assert joined(NAME) == NAME


def test_a_line_is_turned_round_and_what_is_latin_in_it_is_not() -> None:
    assert drawn_order(f"اب {NAME}", base_right=True) == f"{NAME} با"
    assert drawn_order("اب 12 (جد)", base_right=True) == "(دج) 12 با"
    assert drawn_order(NAME, base_right=False) == NAME


def test_an_amount_keeps_its_own_order_in_a_sentence() -> None:
    assert drawn_order(f"اب: {from_the_left('−1,33 €')}", base_right=True) == "−1,33 € :با"


def test_a_screen_from_the_right_makes_its_sentences_run_so_even_behind_a_foreign_name() -> None:
    sentence = f"{NAME}: اب"

    assert base_is_right(sentence, screen_is_right=True)
    assert not base_is_right(sentence, screen_is_right=False)
    assert base_is_right("اب Zoé", screen_is_right=False)
    assert not base_is_right("+13", screen_is_right=True)


def test_each_piece_is_of_one_script() -> None:
    assert list(pieces(f"{NAME} با با !")) == [(f"{NAME} ", False), ("با با", True), (" !", False)]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])), st.booleans())
def test_nothing_that_can_be_seen_is_lost(text: str, right: bool) -> None:
    shaped = joined(text)
    drawn = drawn_order(shaped, base_right=right)

    assert "".join(piece for piece, _ in pieces(drawn)) == drawn
    if not runs_from_the_right(text):
        assert shaped == text


def test_brackets_open_towards_what_they_hold() -> None:
    assert drawn_order("اب (جد) هو (زح)", base_right=True) == "(حز) وه (دج) با"
    assert drawn_order("اب «Zoé» [x (y)]", base_right=True) == "[x (y)] «Zoé» با"
    assert drawn_order("Zoé (اب)", base_right=False) == "Zoé (با)"
