import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.domain.phone import PhoneNumber, masked_phone_number, national_format, parse_phone_number


@pytest.mark.parametrize("typed", ["06 12 34 56 78", "0612345678", "+33 6 12 34 56 78", "0033612345678"])
def test_every_way_to_write_a_number_is_one_number(typed: str) -> None:
    # rows 162, 163
    assert parse_phone_number(typed, "FR") == "+33612345678"


@pytest.mark.parametrize("typed", ["", "0", "123", "06 12 34 56", "pas un numéro", "+999 1234567", "06" * 40])
def test_what_is_no_number_is_none(typed: str) -> None:
    assert parse_phone_number(typed, "FR") is None


@given(st.text(max_size=60))
def test_no_text_makes_it_raise(text: str) -> None:
    parsed = parse_phone_number(text, "FR")
    assert parsed is None or parsed.startswith("+")


def test_a_number_is_shown_nationally_at_home_and_internationally_from_abroad() -> None:
    assert national_format(PhoneNumber("+33612345678"), "FR") == "06 12 34 56 78"
    assert national_format(PhoneNumber("+15142345678"), "FR") == "+1 514-234-5678"


def test_a_masked_number_gives_two_digits_away() -> None:
    assert masked_phone_number(PhoneNumber("+33612345678")) == "•• 78"
