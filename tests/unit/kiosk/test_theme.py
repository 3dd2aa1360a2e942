"""Colours of the screens."""

from kiosk.theme import Theme, rgba


def test_a_theme_has_each_colour_in_parts_of_one() -> None:
    theme = Theme.of()

    assert theme.gold == rgba("#F4BE5B")
    assert theme.white == (1.0, 1.0, 1.0, 1.0)
