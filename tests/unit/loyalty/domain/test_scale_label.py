"""Labels of scales: what they say, and what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.domain.barcode import check_digit
from loyalty.domain.scale_label import ScaleLabel, is_layout, price_check_digit, read_label

PRICE, WEIGHT, CHECKED, CHECKED_FOUR = "22IIIIIPPPPPC", "21IIIIIWWWWWC", "20IIIIVPPPPPC", "24IIIIIVPPPPC"
LAYOUTS = (PRICE, WEIGHT, CHECKED, CHECKED_FOUR)


def label(digits: str) -> str:
    return digits + check_digit(digits)


def test_the_check_digit_of_a_price_is_that_of_the_specification() -> None:
    # The worked examples of GS1 General Specifications 7.9.3 and 7.9.4.
    assert price_check_digit("2875") == "9"
    assert price_check_digit("14685") == "6"


def test_price_and_weight_are_read_by_the_layout_of_the_prefix() -> None:
    assert read_label(label("220012300495"), LAYOUTS) == ScaleLabel(label("220012300000"), "00123", 495)
    weighed = read_label(label("210012300354"), LAYOUTS)
    assert weighed == ScaleLabel(label("210012300000"), "00123", weight_g=354)
    assert weighed.price_at(1990) == 704  # 704.46
    assert weighed.price_at(1991) == 705  # 704.814
    inner = read_label(label("200123614685"), LAYOUTS)
    assert inner == ScaleLabel(label("200123000000"), "0123", 14685)
    assert read_label(label("240012392875"), LAYOUTS) == ScaleLabel(label("240012300000"), "00123", 2875)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2200123004950",
        "220012300495",
        label("230012300495"),
        label("220012300000"),
        label("200123714685"),
        label("370012300495"),
        "٢" * 13,
        "22001230049X9",
    ],
)
def test_what_fits_no_layout_says_nothing(text: str) -> None:
    assert read_label(text, LAYOUTS) is None
    assert read_label(text, ()) is None


@pytest.mark.parametrize(
    "layout",
    ["", "22IIIIIPPPPP", "32IIIIIPPPPPC", "22IIIIIIPPPPPC", "22PPPPPIIIIIC", "22IIIIIVWWWWC", "22IIIIIPPWWWC", "22iiiiipppppc"],
)  # fmt: skip
def test_what_lays_out_no_label(layout: str) -> None:
    assert not is_layout(layout)
    assert read_label(label("220012300495"), (layout,)) is None


@given(item=st.integers(0, 99_999), price=st.integers(1, 99_999))
def test_every_price_comes_back(item: int, price: int) -> None:
    found = read_label(label(f"22{item:05d}{price:05d}"), LAYOUTS)
    assert found is not None
    assert (found.item_digits, found.price_minor) == (f"{item:05d}", price)
    assert read_label(found.barcode, LAYOUTS) is None, "nothing weighed is the item itself"


@given(price=st.integers(1, 99_999), place=st.integers(0, 4), other=st.integers(1, 9))
def test_a_digit_of_the_price_read_wrongly_is_noticed(price: int, place: int, other: int) -> None:
    digits = f"{price:05d}"
    inner = price_check_digit(digits)
    wrong = digits[:place] + str((int(digits[place]) + other) % 10) + digits[place + 1 :]
    assert price_check_digit(wrong) != inner
    assert read_label(label(f"200123{inner}{wrong}"), (CHECKED,)) is None


@given(st.text(max_size=20), st.lists(st.text(max_size=14), max_size=3))
def test_no_text_breaks_it(text: str, layouts: list[str]) -> None:
    read_label(text, tuple(layouts))
