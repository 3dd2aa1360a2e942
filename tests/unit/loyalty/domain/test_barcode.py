"""Retail numbers and the lengths in which they are printed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.domain.barcode import barcode_spellings, check_digit, has_check_digit, is_retail_number

DIGITS = st.text("0123456789", min_size=11, max_size=11)


@pytest.mark.parametrize("number", ["3017620422003", "036000291452", "96385074", "0036000291452"])
def test_numbers_of_real_goods_have_their_check_digit(number: str) -> None:
    assert is_retail_number(number)
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert not is_retail_number(wrong)


def test_a_upc_a_is_the_ean_13_with_a_zero_in_front() -> None:
    lengths = {"036000291452", "0036000291452", "00036000291452"}
    for one in lengths:
        assert barcode_spellings(one)[0] == one
        assert set(barcode_spellings(one)) == lengths


def test_the_fourteen_digits_of_one_piece_are_its_ean_13_and_those_of_a_carton_are_not() -> None:
    assert barcode_spellings("04006381333931") == ("04006381333931", "4006381333931")
    assert barcode_spellings("4006381333931") == ("4006381333931", "04006381333931")
    assert barcode_spellings("14006381333938") == ("14006381333938",)


@pytest.mark.parametrize(
    ("pressed", "upc_a"),
    [
        ("04252614", "042100005264"),
        ("01234565", "012345000065"),
        ("01234531", "012300000451"),
        ("01234543", "012340000053"),
    ],
)
def test_a_upc_e_stands_for_a_upc_a(pressed: str, upc_a: str) -> None:
    assert has_check_digit(upc_a)
    assert set(barcode_spellings(pressed, "UPCE")) == {pressed, upc_a, f"0{upc_a}", f"00{upc_a}"}
    assert pressed in barcode_spellings(upc_a, "UPCE")


def test_an_ean_8_is_nothing_else() -> None:
    assert barcode_spellings("96385074") == ("96385074",)
    assert barcode_spellings("04252614", "EAN8") == ("04252614",)


@pytest.mark.parametrize("text", ["ABC-1", "", "0370012340002 ", "٣٠١٧٦٢٠٤٢٢٠٠٣", "12", "370012340002"])
def test_any_other_text_is_only_itself(text: str) -> None:
    assert barcode_spellings(text) == (text,)


@given(DIGITS)
def test_whichever_length_is_read_the_same_lengths_are_found(body: str) -> None:
    upc_a = body + check_digit(body)
    spellings = set(barcode_spellings(upc_a))
    assert {upc_a, f"0{upc_a}"} <= spellings
    for spelling in spellings:
        assert set(barcode_spellings(spelling)) == spellings


@given(st.text(max_size=40), st.sampled_from(["unknown", "EAN8", "UPCE", "EAN13", "QRCode"]))
def test_no_text_breaks_it(text: str, symbology: str) -> None:
    assert barcode_spellings(text, symbology)[0] == text
