"""Dead keys of the French, German and Spanish keyboard."""

import pytest

from device.readings import MAX_CODE_CHARS
from device.scanners.key_decoder import KeyDecoder, KeyRules
from device.scanners.keys import KEY_DOWN, KEY_UP, Key
from device.scanners.layouts import ALT_GR, LAYOUTS, SHIFTED, US
from device.scanners.typist import keystrokes

DEAD = [(layout, stroke) for layout in LAYOUTS.values() for stroke in sorted(layout.dead)]
HELD = {SHIFTED: Key.LEFT_SHIFT, ALT_GR: Key.RIGHT_ALT}


def pressed(stroke):
    key, level = stroke
    taps = [(key, KEY_DOWN), (key, KEY_UP)]
    return taps if level not in HELD else [(HELD[level], KEY_DOWN), *taps, (HELD[level], KEY_UP)]


def read(strokes, layout):
    decoder = KeyDecoder(KeyRules(layout))
    outcomes = [decoder.feed(code, value, 0.0) for code, value in strokes]
    return [outcome for outcome in outcomes if outcome is not None]


@pytest.mark.parametrize(("layout", "stroke"), DEAD)
def test_with_space_a_dead_key_is_its_sign_and_the_space_is_gone(layout, stroke):
    sign = layout.chars[stroke]
    keys = [*keystrokes("A", layout, None), *pressed(stroke), *pressed((Key.SPACE, 0))]
    assert read([*keys, *keystrokes("1", layout)], layout) == [f"A{sign}1"]
    assert read([*keys, *keystrokes(" 1", layout)], layout) == [f"A{sign} 1"]


@pytest.mark.parametrize(
    ("name", "sign", "letter", "made"),
    [
        ("fr", "^", "e", "ê"),
        ("fr", "¨", "I", "Ï"),
        ("fr", "~", "n", "ñ"),
        ("fr", "^", "s", "^s"),
        ("fr", "`", "7", "`7"),
        ("de", "´", "e", "é"),
        ("de", "^", "]", "^]"),
        ("es", "´", "A", "Á"),
        ("es", "¨", "u", "ü"),
    ],
)
def test_with_a_letter_a_dead_key_makes_another_one_or_both_stay(name, sign, letter, made):
    layout = LAYOUTS[name]
    stroke = next(stroke for stroke in layout.dead if layout.chars[stroke] == sign)
    assert read([*pressed(stroke), *keystrokes(letter, layout)], layout) == [made]


@pytest.mark.parametrize(("layout", "stroke"), DEAD)
def test_at_the_end_and_twice_a_dead_key_is_its_sign(layout, stroke):
    sign, end = layout.chars[stroke], keystrokes("", layout)
    assert read([*pressed(stroke), *end], layout) == [sign]
    assert read([*pressed(stroke), *pressed(stroke), *end], layout) == [sign * 2]


@pytest.mark.parametrize("name", ["de", "es"])
def test_the_longest_code_may_be_all_dead_keys(name):
    text = "`" * MAX_CODE_CHARS
    assert read(keystrokes(text, LAYOUTS[name]), LAYOUTS[name]) == [text]


def test_american_keyboards_have_none():
    assert read(keystrokes("^e` ~", US), US) == ["^e` ~"]
