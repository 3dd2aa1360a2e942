"""From bytes to text: rules of the decoder, with hypothesis for any stream of bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.readings import MAX_CODE_CHARS, MisreadReason, is_printable
from device.scanners.serial_decoder import SerialDecoder, SerialRules


def decoder(**rules):
    return SerialDecoder(SerialRules(**rules))


def feed(subject, data, at_s=0.0):
    return list(subject.feed(data, at_s))


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n"])
def test_cr_and_lf_end_a_code_and_the_second_of_both_ends_nothing(end):
    assert feed(decoder(), b"AB-1" + end + "né 2".encode() + end) == ["AB-1", "né 2"]


def test_a_code_that_comes_in_pieces_is_one():
    subject = decoder()
    assert feed(subject, b"30176") == []
    assert feed(subject, b"20422003\r", 0.4) == ["3017620422003"]


def test_half_a_code_then_silence_is_refused_and_not_glued_to_the_next():
    subject = decoder()
    feed(subject, b"1234")
    assert subject.deadline_s == 0.5
    assert subject.expire(0.4) is None
    assert subject.expire(0.5) is MisreadReason.HALF_CODE
    assert subject.deadline_s == 2.0
    assert subject.expire(2.0) is None
    assert feed(subject, b"99\r", 2.1) == ["99"]


def test_the_tail_of_a_refused_half_is_no_code_of_its_own():
    subject = decoder()
    feed(subject, b"MEMBER-12")
    assert subject.expire(0.6) is MisreadReason.HALF_CODE
    assert feed(subject, b"34567", 0.7) == []
    assert subject.expire(2.0) is None
    assert feed(subject, b"8\r\n", 2.5) == []
    assert feed(subject, b"99\r", 2.6) == ["99"]


def test_a_scanner_that_sends_no_end_is_refused_at_every_scan():
    subject = decoder()
    for start_s in (0.0, 2.5, 5.0):
        assert feed(subject, b"1234", start_s) == []
        assert subject.expire(start_s + 0.5) is MisreadReason.HALF_CODE
        assert subject.expire(start_s + 2.4) is None


def test_bytes_that_waited_are_not_torn_by_the_time_of_reading():
    subject = decoder()
    feed(subject, b"MEMBER-12")
    assert feed(subject, b"34567\r", 0.8) == ["MEMBER-1234567"]


def test_where_silence_ends_a_code_and_nobody_listened_to_it_all_is_refused():
    subject = decoder(end="silence")
    feed(subject, b"1234")
    assert feed(subject, b"5678", 0.8) == []
    assert subject.expire(1.3) is MisreadReason.HALF_CODE
    feed(subject, b"99", 1.4)
    assert subject.expire(1.9) == "99"


def test_silence_ends_a_code_where_the_scanner_sends_no_end():
    subject = decoder(end="silence")
    feed(subject, b"1234")
    assert subject.expire(0.6) == "1234"
    assert subject.deadline_s is None


def test_prefix_and_suffix_are_removed_also_where_they_are_control_characters():
    subject = decoder(prefix="\x02", suffix="\x03")
    assert feed(subject, b"\x02AB\x03\rAB\r\x02\x03\r") == ["AB", "AB"]


def test_what_is_no_text_is_refused_as_a_whole():
    # row 209
    assert feed(decoder(), b"A\xffB\r") == [MisreadReason.NOT_UTF8]
    assert feed(decoder(), b"A\x1dB\r") == [MisreadReason.CONTROL_CHARACTERS]
    assert feed(decoder(), "A\u202eB\r".encode()) == [MisreadReason.CONTROL_CHARACTERS]


@pytest.mark.parametrize("length", [MAX_CODE_CHARS + 1, 100_000])
def test_an_overlong_code_is_refused_as_a_whole(length):
    subject = decoder()
    assert feed(subject, b"7" * length + b"\r") == [MisreadReason.TOO_LONG]
    assert feed(subject, b"7" * MAX_CODE_CHARS + b"\r") == ["7" * MAX_CODE_CHARS]


def test_reset_tells_whether_something_was_lost():
    subject = decoder()
    assert not subject.reset()
    feed(subject, b"1")
    assert subject.reset()
    assert feed(subject, b"2\r") == ["2"]


@given(
    pieces=st.lists(st.tuples(st.binary(max_size=40), st.floats(0, 1)), max_size=40),
    end=st.sampled_from(["key", "silence"]),
)
def test_any_stream_of_bytes_gives_printable_text_or_a_refusal_and_never_raises(pieces, end):
    # row 209
    subject, now = decoder(end=end), 0.0
    for data, pause in pieces:
        now += pause
        for outcome in [*feed(subject, data, now), subject.expire(now + 0.4)]:
            if isinstance(outcome, str) and not isinstance(outcome, MisreadReason):
                assert 1 <= len(outcome) <= MAX_CODE_CHARS
                assert is_printable(outcome)
