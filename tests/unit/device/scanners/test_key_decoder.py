"""From key events to text: rules of the decoder, with hypothesis for any stream of keys."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.readings import MAX_CODE_CHARS, MisreadReason, is_printable
from device.scanners.key_decoder import KeyDecoder, KeyRules
from device.scanners.keys import KEY_DOWN, KEY_REPEAT, KEY_UP, MODIFIERS, Key
from device.scanners.layouts import ALT_GR, FR, LAYOUTS, US
from device.scanners.typist import keystrokes

PRINTABLE = string.ascii_letters + string.digits + string.punctuation + " "


def feed(decoder, strokes, at_s=0.0):
    """What came out of a burst of keys."""
    outcomes = [decoder.feed(code, value, at_s) for code, value in strokes]
    return [outcome for outcome in outcomes if outcome is not None]


def decoder(layout=US, **rules):
    return KeyDecoder(KeyRules(layout, **rules))


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@settings(deadline=None)
@given(text=st.text(PRINTABLE, min_size=1, max_size=60))
def test_what_a_scanner_types_comes_back(layout, text):
    assert feed(decoder(layout), keystrokes(text, layout)) == [text]


@settings(deadline=None)
@given(
    events=st.lists(
        st.one_of(
            st.tuples(st.integers(-1, 800), st.integers(-1, 3), st.floats(0, 0.3)),
            st.tuples(st.sampled_from(list(Key)), st.sampled_from([0, 1, 2]), st.floats(0, 1)),
            st.just("dropped"),
            st.just("reset"),
        ),
        max_size=200,
    ),
    layout=st.sampled_from(list(LAYOUTS.values())),
    end=st.sampled_from(["key", "silence"]),
)
def test_any_stream_of_keys_gives_printable_text_or_a_refusal_and_never_raises(events, layout, end):
    # row 209
    subject, now = decoder(layout, end=end), 0.0
    for event in events:
        if event == "dropped":
            subject.lose(now)
        elif event == "reset":
            subject.reset()
        else:
            code, value, pause = event
            now += pause
            for outcome in (subject.feed(code, value, now), subject.expire(now)):
                if isinstance(outcome, str) and not isinstance(outcome, MisreadReason):
                    assert 1 <= len(outcome) <= MAX_CODE_CHARS
                    assert is_printable(outcome)


@pytest.mark.parametrize("end", [Key.ENTER, Key.KP_ENTER, Key.TAB])
def test_each_ending_key_ends_a_code(end):
    assert feed(decoder(), keystrokes("AB12", US, end)) == ["AB12"]


def test_an_empty_code_is_ignored_as_the_second_enter_of_cr_lf():
    assert feed(decoder(), keystrokes("12", US) + keystrokes("", US)) == ["12"]


def test_autorepeat_types_nothing_and_a_missing_key_up_loses_nothing():
    strokes = [
        (Key.A, KEY_DOWN),
        (Key.A, KEY_REPEAT),
        (Key.A, KEY_REPEAT),
        (Key.B, KEY_DOWN),
        (Key.ENTER, KEY_DOWN),
    ]
    assert feed(decoder(), strokes) == ["ab"]


def test_either_shift_held_counts_and_the_other_ones_release_does_not_end_it():
    strokes = [
        (Key.LEFT_SHIFT, KEY_DOWN),
        (Key.RIGHT_SHIFT, KEY_DOWN),
        (Key.LEFT_SHIFT, KEY_UP),
        (Key.A, KEY_DOWN),
        (Key.RIGHT_SHIFT, KEY_UP),
        (Key.A, KEY_DOWN),
        (Key.ENTER, KEY_DOWN),
    ]
    assert feed(decoder(), strokes) == ["Aa"]


def test_caps_lock_turns_letters_round_and_leaves_digits():
    caps = [(Key.CAPS_LOCK, KEY_DOWN), (Key.CAPS_LOCK, KEY_UP)]
    assert feed(decoder(), caps + keystrokes("aB1!", US)) == ["Ab1!"]
    assert feed(decoder(FR), caps + keystrokes("aM1", FR)) == ["Am1"]
    assert feed(decoder(), caps + caps + keystrokes("aB", US)) == ["aB"]


def test_keypad_digits_are_digits_in_every_layout():
    strokes = [(Key[f"KP_{digit}"], KEY_DOWN) for digit in "0123456789"] + [(Key.KP_ENTER, KEY_DOWN)]
    assert feed(decoder(FR), strokes) == ["0123456789"]


def test_a_scanner_set_to_french_read_as_us_shows_shifted_digits():
    assert feed(decoder(US), keystrokes("123", FR)) == ["!@#"]


def test_unknown_keys_between_codes_are_counted_and_change_nothing():
    subject = decoder()
    strokes = [(59, KEY_DOWN), (777, KEY_DOWN), *keystrokes("b", US), (Key.F8 + 1, KEY_DOWN)]
    assert feed(subject, strokes) == ["b"]
    assert subject.ignored["unknown_key"] == 3
    assert subject.deadline_s is None


BACKSPACE, DELETE, HOME, META = 14, 111, 102, 125


@pytest.mark.parametrize("key", [BACKSPACE, DELETE, HOME, META, 777])
def test_a_key_without_a_character_amid_a_code_refuses_the_whole(key):
    subject = decoder()
    strokes = [*keystrokes("12", US, None), (key, KEY_DOWN), (key, KEY_UP), *keystrokes("34", US)]
    assert feed(subject, strokes) == [MisreadReason.CONTROL_CHARACTERS]
    assert feed(subject, keystrokes("99", US)) == ["99"]


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize(
    ("held", "key"),
    [
        (Key.RIGHT_ALT, Key.K),
        (Key.LEFT_CTRL, Key.DIGIT_5),
        (Key.LEFT_CTRL, Key.COMMA + 100),
        (Key.LEFT_ALT, Key.A),
        (Key.LEFT_ALT, HOME),
    ],
)
def test_a_combination_without_a_character_refuses_the_whole_also_as_its_first_key(layout, held, key):
    combined = [(held, KEY_DOWN), (key, KEY_DOWN), (key, KEY_UP), (held, KEY_UP)]
    for head in ("", "12"):
        strokes = [*keystrokes(head, layout, None), *combined, *keystrokes("34", layout)]
        assert feed(decoder(layout), strokes) == [MisreadReason.CONTROL_CHARACTERS]


def test_lock_keys_and_modifiers_alone_spoil_nothing():
    harmless = [Key.NUM_LOCK, Key.CAPS_LOCK, Key.CAPS_LOCK, *sorted(MODIFIERS)]
    taps = [event for key in harmless for event in ((key, KEY_DOWN), (key, KEY_UP))]
    assert feed(decoder(), [*keystrokes("12", US, None), *taps, *keystrokes("34", US)]) == ["1234"]


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_ctrl_and_alt_together_are_alt_gr(layout):
    for char, (key, level) in layout.strokes.items():
        if level != ALT_GR:
            continue
        for held in ((Key.LEFT_CTRL, Key.LEFT_ALT), (Key.LEFT_CTRL, Key.RIGHT_ALT)):
            strokes = [(one, KEY_DOWN) for one in (*held, key)] + [(one, KEY_UP) for one in (key, *held)]
            if (key, level) in layout.dead:
                strokes.append((Key.SPACE, KEY_DOWN))
            assert feed(decoder(layout), [*strokes, *keystrokes("1", layout)]) == [f"{char}1"]


def test_half_a_code_then_silence_is_refused_and_not_glued_to_the_next():
    subject = decoder()
    assert feed(subject, keystrokes("1234", US, None), at_s=0.0) == []
    assert subject.expire(0.4) is None
    assert subject.expire(0.5) is MisreadReason.HALF_CODE
    assert subject.deadline_s == 2.0
    assert feed(subject, keystrokes("99", US), at_s=2.0) == ["99"]


def test_the_tail_of_a_refused_half_is_no_code_of_its_own():
    subject = decoder()
    feed(subject, keystrokes("12345", US, None))
    assert subject.expire(0.6) is MisreadReason.HALF_CODE
    assert feed(subject, keystrokes("67", US, None), at_s=1.0) == []
    assert subject.expire(2.9) is None
    assert feed(subject, keystrokes("890", US), at_s=2.9) == []
    assert feed(subject, keystrokes("99", US), at_s=3.0) == ["99"]


def test_a_scanner_that_sends_no_ending_key_is_refused_at_every_scan():
    subject = decoder()
    for start_s in (0.0, 2.5, 5.0):
        assert feed(subject, keystrokes("1234", US, None), start_s) == []
        assert subject.expire(start_s + 0.5) is MisreadReason.HALF_CODE


def test_half_a_code_is_refused_even_when_nobody_asked_in_the_silence():
    subject = decoder()
    feed(subject, keystrokes("1234", US, None), at_s=0.0)
    assert feed(subject, keystrokes("99", US), at_s=5.0) == [MisreadReason.HALF_CODE, "99"]


def test_silence_ends_a_code_where_the_scanner_sends_no_ending_key():
    subject = decoder(end="silence")
    feed(subject, keystrokes("1234", US, None), at_s=0.0)
    assert subject.deadline_s == 0.5
    assert subject.expire(0.6) == "1234"
    assert subject.deadline_s is None


def test_dropped_events_refuse_the_rest_of_the_code():
    subject = decoder()
    feed(subject, keystrokes("12", US, None))
    subject.lose(0.0)
    assert feed(subject, keystrokes("34", US)) == [MisreadReason.EVENTS_LOST]
    assert feed(subject, keystrokes("56", US)) == ["56"]


def test_dropped_events_forget_a_held_shift():
    subject = decoder()
    feed(subject, [(Key.LEFT_SHIFT, KEY_DOWN)])
    subject.lose(0.0)
    assert subject.expire(1.0) is MisreadReason.EVENTS_LOST
    assert feed(subject, keystrokes("a", US), at_s=2.0) == ["a"]


CAPS = [(Key.CAPS_LOCK, KEY_DOWN), (Key.CAPS_LOCK, KEY_UP)]


def test_caps_lock_is_off_again_after_lost_events_and_after_half_a_code():
    subject = decoder()
    feed(subject, [*CAPS, *keystrokes("abc", US, None)])
    subject.lose(0.0)
    assert feed(subject, [*CAPS, *keystrokes("", US)]) == [MisreadReason.EVENTS_LOST]
    assert feed(subject, keystrokes("Abc", US)) == ["Abc"]
    feed(subject, [*CAPS, *keystrokes("abc", US, None)], at_s=1.0)
    assert subject.expire(1.5) is MisreadReason.HALF_CODE
    assert feed(subject, [*keystrokes("abc", US, None), *CAPS, *keystrokes("", US)], at_s=1.6) == []
    assert feed(subject, keystrokes("Abc", US), at_s=1.7) == ["Abc"]


@pytest.mark.parametrize("held", sorted(MODIFIERS))
def test_a_modifier_whose_release_was_lost_is_forgotten_after_some_seconds_without_keys(held):
    subject = decoder()
    feed(subject, [*keystrokes("1", US), (held, KEY_DOWN)])
    assert feed(subject, keystrokes("1234", US), at_s=3.1) == ["1234"]


def test_a_modifier_may_be_held_as_long_as_keys_come():
    subject = decoder(silence_s=5.0)
    feed(subject, [(Key.LEFT_SHIFT, KEY_DOWN), (Key.A, KEY_DOWN)])
    feed(subject, [(Key.B, KEY_DOWN)], at_s=2.0)
    assert feed(subject, [(Key.C, KEY_DOWN), (Key.ENTER, KEY_DOWN)], at_s=4.0) == ["ABC"]


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_carriage_return_and_line_feed_by_ctrl_and_a_letter_end_a_code(layout, end):
    subject = decoder(layout)
    for code in ("ABC", "12"):
        assert feed(subject, keystrokes(f"{code}{end}", layout, None)) == [code]
    assert subject.expire(9.0) is None


def test_ctrl_and_a_letter_go_by_the_layout():
    strokes = [(Key.LEFT_CTRL, KEY_DOWN), (Key.SEMICOLON, KEY_DOWN), (Key.LEFT_CTRL, KEY_UP)]
    assert feed(decoder(FR), [*keystrokes("12", FR, None), *strokes]) == ["12"]


@pytest.mark.parametrize("length", [MAX_CODE_CHARS + 1, 10_240])
def test_an_overlong_code_is_refused_as_a_whole(length):
    subject = decoder()
    assert feed(subject, keystrokes("7" * length, US)) == [MisreadReason.TOO_LONG]
    assert feed(subject, keystrokes("7" * MAX_CODE_CHARS, US)) == ["7" * MAX_CODE_CHARS]


@pytest.mark.parametrize("char", ["\x01", "\x1a", "\x1b", "\x1d"])
def test_control_characters_never_pass(char):
    # row 209
    assert feed(decoder(), keystrokes(f"AB{char}CD", US)) == [MisreadReason.CONTROL_CHARACTERS]


def test_prefix_and_suffix_are_removed_also_where_they_are_control_characters():
    subject = decoder(prefix="\x02", suffix="#")
    assert feed(subject, keystrokes("\x02AB#", US)) == ["AB"]
    assert feed(subject, keystrokes("AB", US)) == ["AB"]
    assert feed(subject, keystrokes("\x02#", US)) == []


def test_reset_forgets_half_a_code_caps_lock_and_shift():
    subject = decoder()
    feed(subject, [(Key.CAPS_LOCK, KEY_DOWN), (Key.LEFT_SHIFT, KEY_DOWN), *keystrokes("1", US, None)])
    assert subject.reset()
    assert feed(subject, keystrokes("a", US)) == ["a"]
    assert not subject.reset()
