from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.domain.importing.figures import all_digits, figure, is_scientific, money


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,000", "1000"),
        ("10,000", "10000"),
        ("2.000", "2000"),
        ("12,0", "12"),
        ("12.00", "12"),
        ("1 250", "1250"),
        ("1'250", "1250"),
        ("1,000.00", "1000"),
        ("1.000,00", "1000"),
        ("1.234.567", "1234567"),
        ("0,125", "0.125"),
        ("1234,567", "1234.567"),
        ("45.1250", "45.125"),
        ("150.0000", "150"),
        (".5", "0.5"),
    ],
)
def test_a_figure_is_what_was_written(text: str, expected: str) -> None:
    assert figure(text) == Decimal(expected)


@pytest.mark.parametrize(
    "text", ["", ",", "12,", "1,234,5", "1,23,456", "1 23", "1 2", "-1", "12 €", "1e3", "x"]
)
def test_what_could_be_any_figure_is_none(text: str) -> None:
    assert figure(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12,50 €", "12.5"),
        ("€12.50", "12.5"),
        ("$1,234.56", "1234.56"),
        ("12 EUR", "12"),
        ("EUR 12", "12"),
        ("12,50 $ CA", "12.5"),
        ("CA$12", "12"),
        ("1'234.50 CHF", "1234.5"),
        ("Fr. 12.50", "12.5"),
        ("12 euros", "12"),
        ("-3 €", "-3"),
        ("€-3", "-3"),
        ("+3", "3"),
    ],
)
def test_an_amount_may_have_a_currency_beside_it(text: str, expected: str) -> None:
    assert money(text) == Decimal(expected)


@pytest.mark.parametrize(
    "text",
    ["12,50 + 3", "2 achats 35 €", "12/05/2023", "1,2E+05", "12 pts", "12 35", "€12€", "€ 12 EUR", "12 € 5", "€", "", "much"],
)  # fmt: skip
def test_text_with_figures_in_it_is_no_amount(text: str) -> None:
    assert money(text) is None


def test_money_that_has_a_thousand_parts_is_written_with_three_decimals() -> None:
    assert money("12,500 TND", has_thousandths=True) == Decimal("12.5")
    assert money("1 234,500", has_thousandths=True) == Decimal("1234.5")
    assert money("1.234,500", has_thousandths=True) == Decimal("1234.5")


def test_a_number_that_a_spreadsheet_shortened_keeps_its_digits_or_has_none() -> None:
    assert all(map(is_scientific, ("3.36E+10", "3,36e10", "-1E-05")))
    assert not any(map(is_scientific, ("336", "E10", "1E", "1.E5")))
    assert (all_digits("6.12345678E8"), all_digits("6,12E+08")) == ("612345678", None)


@given(st.decimals(0, 10**9, places=2))
def test_every_amount_is_read_as_each_country_writes_it(amount: Decimal) -> None:
    english = f"{amount:,.2f}"
    for text in (
        english,
        english.replace(",", " ").replace(".", ","),
        english.translate(str.maketrans(",.", ".,")),
        f"{amount}",
    ):
        assert figure(text) == amount
        assert money(f"{text} €") == amount


@given(st.text(max_size=30))
def test_any_text_is_an_amount_or_none(text: str) -> None:
    assert isinstance(money(text), Decimal | None)
