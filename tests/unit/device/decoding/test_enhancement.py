"""What is done in whole numbers is what Pillow's filters do."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image, ImageFilter

from device.decoding.enhancement import double, soft

_PICTURES = arrays(np.uint8, st.tuples(st.integers(1, 30), st.integers(1, 30)))


@given(_PICTURES)
def test_a_softened_picture_is_pillows_box_blur(grey: np.ndarray) -> None:
    expected = Image.fromarray(grey).filter(ImageFilter.BoxBlur(1))

    np.testing.assert_array_equal(soft(grey), np.asarray(expected))


@given(_PICTURES)
def test_a_doubled_picture_is_sharpened_and_enlarged_as_pillow_does(grey: np.ndarray) -> None:
    height, width = grey.shape
    picture = Image.fromarray(grey)
    sharp = Image.blend(picture.filter(ImageFilter.BoxBlur(2)), picture, 3.0)
    expected = sharp.resize((2 * width, 2 * height), Image.Resampling.BILINEAR)

    doubled = double(grey)

    assert doubled.flags.c_contiguous
    np.testing.assert_array_equal(doubled, np.asarray(expected))
