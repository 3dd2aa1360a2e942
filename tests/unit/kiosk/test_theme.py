"""Colours that people can read."""

import pytest

from kiosk.theme import TEXT_PAIRS, Theme, contrast, rgba


@pytest.mark.parametrize(("text", "behind"), TEXT_PAIRS)
def test_every_text_stands_out_seven_to_one(text: str, behind: str) -> None:
    # part of row 190
    theme = Theme()

    assert contrast(getattr(theme, text), getattr(theme, behind)) >= 7


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast(rgba("#000000"), rgba("#FFFFFF")) == pytest.approx(21)
    assert contrast(rgba("#777777"), rgba("#FFFFFF")) == pytest.approx(4.48, abs=0.01)
