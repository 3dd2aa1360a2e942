"""A scanner's setting from its scan of a test code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.scanners.keys import KEY_DOWN, KEY_UP, Key
from device.scanners.layouts import LAYOUTS, US
from device.scanners.scan_profile import learn_profile, transcribe
from device.scanners.typist import keystrokes
from messaging.self_test import LAYOUT_TEST_TEXT, SELF_TEST_TEXT
from tests.unit.device.scanners.test_key_follower import by_number


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("end", [Key.ENTER, Key.KP_ENTER, Key.TAB, None])
def test_layout_end_prefix_suffix_and_identifier_are_found(layout, end):
    # part of row 179
    profile = learn_profile(keystrokes(f"\x02]Q1{LAYOUT_TEST_TEXT}#", layout, end))
    assert profile.layouts == (layout.name,)
    assert profile.end == ("silence" if end is None else "key")
    assert (profile.prefix, profile.identifier, profile.suffix) == ("\x02", "]Q1", "#")
    assert not profile.turned_case
    assert not profile.by_number


def test_the_short_code_leaves_british_and_american_open():
    assert learn_profile(keystrokes(SELF_TEST_TEXT, US)).layouts == ("us", "uk")


def test_turned_case_is_told():
    profile = learn_profile(keystrokes(LAYOUT_TEST_TEXT.swapcase(), LAYOUTS["fr"]))
    assert profile.turned_case
    assert profile.layouts == ("fr",)


def test_characters_by_number_fit_every_layout():
    profile = learn_profile(by_number(LAYOUT_TEST_TEXT))
    assert profile.by_number
    assert profile.layouts == tuple(LAYOUTS)


@pytest.mark.parametrize("name", ["fr", "de", "es"])
def test_alt_gr_as_ctrl_and_alt_is_no_number(name):
    strokes = []
    for key, value in keystrokes(LAYOUT_TEST_TEXT, LAYOUTS[name]):
        both = [(Key.LEFT_CTRL, value), (Key.LEFT_ALT, value)]
        strokes += both if key == Key.RIGHT_ALT else [(key, value)]
    profile = learn_profile(strokes)
    assert profile.layouts == (name,)
    assert not profile.by_number


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_a_line_end_by_ctrl_and_a_letter_is_an_ending_key(end):
    profile = learn_profile(keystrokes(LAYOUT_TEST_TEXT + end, LAYOUTS["fr"], None))
    assert (profile.end, profile.suffix) == ("key", "")


def test_an_enter_in_front_is_no_prefix():
    profile = learn_profile([*keystrokes("", US), *keystrokes(LAYOUT_TEST_TEXT, US)])
    assert (profile.prefix, profile.end) == ("", "key")


def test_another_code_gives_no_setting_and_unknown_keys_are_told():
    strokes = [*keystrokes("12", US, None), (67, KEY_DOWN), (67, KEY_UP)]
    assert learn_profile(strokes) is None
    assert transcribe(strokes, US).unknown == (67,)


@given(st.lists(st.tuples(st.integers(-1, 300), st.integers(-1, 3)), max_size=100))
def test_any_keys_are_borne(events):
    assert learn_profile(events) is None
