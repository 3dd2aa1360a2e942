"""Colours that people can read, and looks that are refused because they cannot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from messaging.station.look import KioskLook
from messaging.station.palette import (
    DEFAULT_COLOURS,
    TEXT_PAIRS,
    contrast,
    palette,
    readable_brand,
    shortfalls,
)

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06X}")
GOLD, PAPER = DEFAULT_COLOURS["gold"], DEFAULT_COLOURS["paper"]


@pytest.mark.parametrize(("text", "behind"), TEXT_PAIRS)
def test_every_text_of_the_house_stands_out_seven_to_one(text: str, behind: str) -> None:
    # part of row 190
    assert contrast(DEFAULT_COLOURS[text], DEFAULT_COLOURS[behind]) >= 7


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_the_houses_three_colours_make_the_houses_palette() -> None:
    assert palette("#0c4a3e", "#f4be5b", "#faf6ee") == DEFAULT_COLOURS


def test_a_bright_brand_is_refused_and_a_darker_shade_of_it_is_named() -> None:
    # part of row 190
    worst = shortfalls(palette("#E0641F", GOLD, PAPER))[0]
    assert worst.contrast < 4
    with pytest.raises(ValidationError, match=r"has a contrast of \d\.\d:1, 7:1 is needed"):
        KioskLook(brand="#E0641F")

    shade = readable_brand("#E0641F", GOLD, PAPER)
    assert shade is not None
    assert KioskLook(brand=shade).colours["brand"] == shade


def test_no_shade_is_named_where_none_helps() -> None:
    assert readable_brand("#0C4A3E", "#101010", PAPER) is None


@given(COLOURS, COLOURS, COLOURS)
def test_a_look_is_taken_exactly_where_all_of_it_can_be_read(brand: str, accent: str, paper: str) -> None:
    low = [
        pair for pair in TEXT_PAIRS if contrast(*(palette(brand, accent, paper)[name] for name in pair)) < 7
    ]
    try:
        KioskLook(brand=brand, accent=accent, paper=paper)
    except ValidationError:
        assert low
    else:
        assert not low
    shade = readable_brand(brand, accent, paper)
    assert shade is None or not shortfalls(palette(shade, accent, paper))


@pytest.mark.parametrize(
    "title",
    ["", "x" * 41, "a\tb", "\u202eabc", "one\ntwo\nthree"],
)
def test_words_of_a_promise_are_two_printable_lines(title: str) -> None:
    with pytest.raises(ValidationError):
        KioskLook.model_validate({"promises": [{"language": "fr", "title": title, "text": "x"}]})
