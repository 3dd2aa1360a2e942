"""From key events to text: rules of the decoder, with hypothesis for any stream of keys."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.readings import MAX_CODE_CHARS, MisreadReason, is_printable
from device.scanners.key_decoder import KeyDecoder, KeyRules
from device.scanners.keys import KEY_DOWN, KEY_REPEAT, KEY_UP, Key
from device.scanners.layouts import FR, LAYOUTS, US
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


def test_unknown_keys_are_counted_and_change_nothing():
    subject = decoder()
    strokes = [(Key.A, KEY_DOWN), (59, KEY_DOWN), (777, KEY_DOWN), *keystrokes("b", US)]
    assert feed(subject, strokes) == ["ab"]
    assert subject.ignored["unknown_key"] == 2


def test_half_a_code_then_silence_is_refused_and_not_glued_to_the_next():
    subject = decoder()
    assert feed(subject, keystrokes("1234", US, None), at_s=0.0) == []
    assert subject.expire(0.4) is None
    assert subject.expire(0.5) is MisreadReason.HALF_CODE
    assert feed(subject, keystrokes("99", US), at_s=0.6) == ["99"]


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
