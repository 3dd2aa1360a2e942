"""A picture that is turned on its panel, and the places on it."""

import pytest
from PIL import Image

from kiosk.turning import kivy_rotation, on_panel, upright

RED, BLACK = (255, 0, 0), (0, 0, 0)
WIDTH, HEIGHT = 6, 4


def rows_from_below(picture: Image.Image) -> bytes:
    return picture.transpose(Image.Transpose.FLIP_TOP_BOTTOM).tobytes()


@pytest.mark.parametrize(
    ("turn", "corner"),
    [(0, (0, 0)), (90, (WIDTH - 1, 0)), (180, (WIDTH - 1, HEIGHT - 1)), (270, (0, HEIGHT - 1))],
)
def test_the_upper_left_corner_lies_where_the_clock_goes(turn: int, corner: tuple[int, int]) -> None:
    rotation = kivy_rotation(turn)  # type: ignore[arg-type] # one of Turn's
    panel = Image.new("RGB", (WIDTH, HEIGHT), BLACK)
    panel.putpixel(corner, RED)

    pixels, width, height = upright(rows_from_below(panel), WIDTH, HEIGHT, rotation)

    picture = Image.frombytes("RGB", (width, height), pixels).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    assert picture.size == ((HEIGHT, WIDTH) if turn in (90, 270) else (WIDTH, HEIGHT))
    assert picture.getpixel((0, 0)) == RED
    x, y = on_panel(0.0, 1.0, rotation)
    assert (round(x * (WIDTH - 1)), round((1 - y) * (HEIGHT - 1))) == corner


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_the_middle_stays_in_the_middle(rotation: int) -> None:
    assert on_panel(0.5, 0.5, rotation) == (0.5, 0.5)
