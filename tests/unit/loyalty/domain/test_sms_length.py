"""How long a text message is, and what it costs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.domain.sms_length import SmsAlphabet, plain_typography, sms_length


@pytest.mark.parametrize(
    ("text", "alphabet", "units", "segments"),
    [
        ("", SmsAlphabet.GSM_7, 0, 1),
        ("a" * 160, SmsAlphabet.GSM_7, 160, 1),
        ("a" * 161, SmsAlphabet.GSM_7, 161, 2),
        ("a" * 306, SmsAlphabet.GSM_7, 306, 2),
        ("a" * 307, SmsAlphabet.GSM_7, 307, 3),
        ("é" * 160, SmsAlphabet.GSM_7, 160, 1),
        ("€" * 80, SmsAlphabet.GSM_7, 160, 1),
        ("ê" * 70, SmsAlphabet.UCS_2, 70, 1),
        ("ê" * 71, SmsAlphabet.UCS_2, 71, 2),
        ("a" * 134 + "ê", SmsAlphabet.UCS_2, 135, 3),
        ("😀" * 35, SmsAlphabet.UCS_2, 70, 1),
        ("😀" * 36, SmsAlphabet.UCS_2, 72, 2),
    ],
)
def test_parts_are_counted_as_the_network_counts_them(text, alphabet, units, segments):
    length = sms_length(text)
    assert (length.alphabet, length.units, length.segments) == (alphabet, units, segments)


def test_a_sign_of_two_units_is_never_cut_by_the_end_of_a_part():
    # 153 places and the euro sign of two would straddle the first two parts.
    assert sms_length("a" * 152 + "€" + "a" * 152).segments == 3
    assert sms_length("a" * 66 + "😀" + "ê" * 66).segments == 3


def test_typographic_signs_are_written_as_on_a_phone_and_accents_stay():
    assert plain_typography("L’œuvre «\u00a0été\u202f!\u00a0» – 2 €…") == 'L\'oeuvre " été ! " - 2 €...'


@given(st.text(max_size=700))
def test_a_longer_text_never_has_fewer_parts(text):
    assert sms_length(text).segments <= sms_length(text + "a").segments


@given(st.text(max_size=300))
def test_plain_typography_never_makes_the_text_dearer_by_its_alphabet(text):
    if sms_length(text).alphabet is SmsAlphabet.GSM_7:
        assert plain_typography(text) == text
