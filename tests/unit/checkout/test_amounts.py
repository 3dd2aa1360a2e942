"""Amounts as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout.till.amounts import MAX_QUICK, parse_amount, quick_amounts


@pytest.mark.parametrize(
    ("text", "minor"),
    [("20", 2000), ("20,5", 2050), ("20.50 €", 2050), (" 1 000 ", 100_000), ("0,05", 5), ("7\u202f€", 700)],
)
def test_common_spellings_are_understood(text: str, minor: int) -> None:
    assert parse_amount(text, "EUR") == minor


@pytest.mark.parametrize(
    "text", ["", "abc", "-5", "1,234", "1e3", "٣", "20,", ",5", "9" * 30, "1.2.3", "NaN"]
)
def test_what_is_no_amount_is_none(text: str) -> None:
    assert parse_amount(text, "EUR") is None


@given(st.text(max_size=60))
def test_any_text_gives_an_amount_or_none(text: str) -> None:
    found = parse_amount(text, "EUR")
    assert found is None or 0 <= found < 10**10


@given(st.integers(0, 10**7))
def test_every_typed_amount_is_read_back(minor: int) -> None:
    assert parse_amount(f"{minor // 100},{minor % 100:02d}", "EUR") == minor


@given(st.integers(0, 10**7))
def test_quick_amounts_begin_with_the_exact_one_and_always_suffice(total: int) -> None:
    amounts = quick_amounts(total, "EUR")
    assert amounts[0] == total
    assert list(amounts) == sorted(set(amounts))
    assert len(amounts) <= MAX_QUICK
