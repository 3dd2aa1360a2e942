"""Characters typed by their number, under any layout."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.readings import MisreadReason
from device.scanners.key_decoder import KeyDecoder, KeyRules
from device.scanners.keys import KEY_DOWN, KEY_UP, Key
from device.scanners.layouts import FR, LAYOUTS, US


def by_number(text, page="cp437"):
    """The keys of a scanner in "universal" mode: NumLock, Alt, digits of the keypad, Alt let go."""
    strokes = [(Key.NUM_LOCK, KEY_DOWN), (Key.NUM_LOCK, KEY_UP)]
    for char in text:
        number = char.encode(page)[0]
        digits = f"{number:03d}" if page == "cp437" else f"0{number:03d}"
        strokes.append((Key.LEFT_ALT, KEY_DOWN))
        for digit in digits:
            strokes += [(Key[f"KP_{digit}"], KEY_DOWN), (Key[f"KP_{digit}"], KEY_UP)]
        strokes.append((Key.LEFT_ALT, KEY_UP))
    return [*strokes, (Key.ENTER, KEY_DOWN), (Key.ENTER, KEY_UP)]


def read(strokes, layout=US):
    decoder = KeyDecoder(KeyRules(layout))
    outcomes = [decoder.feed(code, value, 0.0) for code, value in strokes]
    return [outcome for outcome in outcomes if outcome is not None]


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@given(text=st.text(st.characters(min_codepoint=100, max_codepoint=126), min_size=1, max_size=20))
def test_characters_by_number_come_whatever_the_layout(layout, text):
    assert read(by_number(text), layout) == [text]


@pytest.mark.parametrize("page", ["cp437", "cp1252"])
def test_letters_beyond_ascii_follow_the_leading_zero(page):
    # 233 is Θ on one page and é on the other
    assert read(by_number("Né:42/a?=&_~", page)) == ["Né:42/a?=&_~"]


def test_a_number_without_a_character_refuses_the_whole_code():
    strokes = [*by_number("AB")[:-2], (Key.LEFT_ALT, KEY_DOWN)]
    strokes += [(Key[f"KP_{digit}"], KEY_DOWN) for digit in "0129"]
    strokes += [(Key.LEFT_ALT, KEY_UP), (Key.ENTER, KEY_DOWN)]
    assert read(strokes) == [MisreadReason.CONTROL_CHARACTERS]


def test_an_unfinished_number_is_forgotten_with_what_is_held():
    decoder = KeyDecoder(KeyRules(FR))
    decoder.feed(Key.LEFT_ALT, KEY_DOWN, 0.0)
    decoder.feed(Key.KP_6, KEY_DOWN, 0.0)
    decoder.reset()
    assert [decoder.feed(code, value, 1.0) for code, value in by_number("A")][-2] == "A"


def tapped(*keys):
    return [event for key in keys for event in ((key, KEY_DOWN), (key, KEY_UP))]


@pytest.mark.parametrize("digits", ["013", "010", "13", "0013"])
def test_a_line_end_by_its_number_ends_a_code(digits):
    ending = [(Key.LEFT_ALT, KEY_DOWN), *tapped(*(Key[f"KP_{digit}"] for digit in digits))]
    strokes = [*by_number("ABC")[:-2], *ending, (Key.LEFT_ALT, KEY_UP)]
    assert read(strokes) == ["ABC"]
    assert read([*strokes, *tapped(Key.ENTER)]) == ["ABC"]


def test_a_number_that_the_end_or_a_silence_cuts_refuses_the_whole_code():
    cut = [*by_number("AB")[:-2], (Key.LEFT_ALT, KEY_DOWN), *tapped(Key.KP_0, Key.KP_6)]
    end = [*tapped(Key.ENTER), (Key.LEFT_ALT, KEY_UP)]
    assert read([*cut, *end, *by_number("CD")]) == [MisreadReason.CONTROL_CHARACTERS, "CD"]
    decoder = KeyDecoder(KeyRules(US))
    for code, value in [(Key.LEFT_ALT, KEY_DOWN), *tapped(Key.KP_0)]:
        decoder.feed(code, value, 0.0)
    assert decoder.expire(0.6) is MisreadReason.HALF_CODE
