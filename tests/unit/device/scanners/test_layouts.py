"""The layouts' tables against each other and against the evdev library's numbers."""

import string

import pytest
from evdev import ecodes

from device.scanners.keys import DIGITS, LETTERS, Key
from device.scanners.layouts import FR, LAYOUTS, PLAIN, SHIFTED

PRINTABLE = string.ascii_letters + string.digits + string.punctuation + " "


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_types_all_printable_ascii(name):
    assert set(PRINTABLE) <= LAYOUTS[name].strokes.keys()


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_stroke_found_for_a_character_types_that_character(name):
    layout = LAYOUTS[name]
    for char, stroke in layout.strokes.items():
        assert layout.chars[stroke] == char


def test_french_digits_are_shifted_and_letters_sit_elsewhere():
    assert FR.chars[Key.DIGIT_1, SHIFTED] == "1"
    assert FR.chars[Key.DIGIT_1, PLAIN] == "&"
    assert FR.chars[Key.Q, PLAIN] == "a"
    assert FR.chars[Key.SEMICOLON, SHIFTED] == "M"


def test_key_numbers_are_the_kernels():
    for letter, key in zip(string.ascii_uppercase, LETTERS, strict=True):
        assert key == ecodes.ecodes[f"KEY_{letter}"]
    for digit, key in enumerate(DIGITS):
        assert key == ecodes.ecodes[f"KEY_{digit}"]
    names = {
        "LEFT_BRACE": "LEFTBRACE",
        "RIGHT_BRACE": "RIGHTBRACE",
        "LEFT_SHIFT": "LEFTSHIFT",
        "RIGHT_SHIFT": "RIGHTSHIFT",
        "LEFT_CTRL": "LEFTCTRL",
        "RIGHT_CTRL": "RIGHTCTRL",
        "LEFT_ALT": "LEFTALT",
        "RIGHT_ALT": "RIGHTALT",
        "CAPS_LOCK": "CAPSLOCK",
        "NUM_LOCK": "NUMLOCK",
        "KEY_102ND": "102ND",
    }
    for key in Key:
        if key.name.startswith("DIGIT_"):
            continue
        kernel = names.get(key.name, key.name.replace("KP_", "KP"))
        assert key == ecodes.ecodes[f"KEY_{kernel}"], key.name
