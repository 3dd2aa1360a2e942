"""The grey plane from what cameras give."""

import numpy as np
import pytest

from device.camera.grey import grey_plane
from device.errors import CameraError

WIDTH, HEIGHT = 8, 4


@pytest.mark.parametrize("name", ["YUV420", "YVU420", "NV12", "NV21"])
def test_the_first_rows_of_a_planar_picture_are_its_brightness_and_padding_is_cut_off(name):
    pixels = np.full((HEIGHT * 3 // 2, WIDTH + 5), 99, dtype=np.uint8)
    pixels[:HEIGHT, :WIDTH] = np.arange(WIDTH)
    grey = grey_plane(pixels, name, WIDTH, HEIGHT)
    assert grey.shape == (HEIGHT, WIDTH)
    assert grey.flags.c_contiguous
    assert (grey == np.arange(WIDTH)).all()


@pytest.mark.parametrize(
    ("name", "pixel", "expected"),
    [
        ("RGB888", (0, 0, 255), 76), ("BGR888", (255, 0, 0), 76), ("RGB888", (255, 0, 0), 28),
        ("XRGB8888", (0, 255, 0, 7), 149), ("XBGR8888", (255, 255, 255, 0), 255),
    ],
)  # fmt: skip
def test_colours_are_weighed_as_the_eye_does_and_never_taken_for_one_channel(name, pixel, expected):
    pixels = np.tile(np.array(pixel, dtype=np.uint8), (HEIGHT, WIDTH, 1))
    assert (grey_plane(pixels, name, WIDTH, HEIGHT) == expected).all()


def test_packed_and_grey_pictures_are_taken_too():
    packed = np.zeros((HEIGHT, 2 * WIDTH), dtype=np.uint8)
    packed[:, ::2] = 50
    assert (grey_plane(packed, "YUYV", WIDTH, HEIGHT) == 50).all()
    assert (grey_plane(packed[:, :WIDTH] + 9, "R8", WIDTH, HEIGHT)[:, 1] == 9).all()


@pytest.mark.parametrize(
    ("name", "shape"), [("MJPEG", (4, 8)), ("YUV420", (2, 8)), ("RGB888", (4, 8)), ("YUYV", (4, 8))]
)
def test_an_unknown_format_or_a_short_picture_is_an_error(name, shape):
    with pytest.raises(CameraError):
        grey_plane(np.zeros(shape, dtype=np.uint8), name, WIDTH, HEIGHT)
