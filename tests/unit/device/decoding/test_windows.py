"""Windows: where a two-dimensional code most likely is."""

import numpy as np
import pytest

from device.decoding.formats import ALL_FORMATS
from device.decoding.looks import StillLook
from device.decoding.texture import texture_of
from device.decoding.view import View
from device.decoding.windows import likely_windows
from tests.fakes.pictures import barcode, qr


def scene(code, left, top, noise=4.0):
    """Slats that repeat, as a blind, and the code on them."""
    rows, columns = np.mgrid[0:720, 0:1280]
    grey = (
        120
        + 40 * np.sign(np.sin(columns / 9 + rows / 400))
        + np.random.default_rng(2).normal(0, noise, rows.shape)
    )
    grey = grey.clip(0, 255).astype(np.uint8)
    grey[top : top + code.shape[0], left : left + code.shape[1]] = code
    return grey


@pytest.mark.parametrize(("left", "top"), [(0, 0), (1150, 600), (600, 300), (20, 500)])
def test_the_likeliest_window_holds_a_small_code_wherever_it_lies(left, top):
    code = qr("CM1ABC", scale=3)
    grey = scene(code, left, top)

    [(begin, above, end, below)] = likely_windows(texture_of(grey), grey.shape, 320, 1)

    assert (end - begin, below - above) == (320, 320)
    assert begin <= left
    assert end >= left + code.shape[1]
    assert above <= top
    assert below >= top + code.shape[0]


def test_a_second_window_lies_elsewhere_and_an_even_picture_has_none():
    grey = scene(qr("CM1ABC", scale=3), 100, 100)
    grey[500 : 500 + 87, 900 : 900 + 87] = qr("CM1ABD", scale=3)[:87, :87]
    first, second = likely_windows(texture_of(grey), grey.shape, 240, 2)
    assert abs(first[0] - second[0]) > 240
    even = np.full((480, 640), 90, dtype=np.uint8)
    assert list(likely_windows(texture_of(even), even.shape, 320, 2)) == []


def test_a_window_is_no_larger_than_the_picture_and_a_tiny_picture_is_its_own():
    view = View(scene(qr("CM1ABC", scale=3), 10, 10)[:200, :300])
    assert view.windows(400, 2)[0].shape == (200, 300)
    tiny = View(np.zeros((20, 300), dtype=np.uint8))
    assert tiny.windows(400, 2)[0] is tiny.moderate


@pytest.mark.parametrize("name", ["QRCode", "DataMatrix"])
def test_a_small_and_noisy_code_is_read_on_a_busy_ground(name):
    # part of row 76
    code = qr("M-000123456", scale=3) if name == "QRCode" else barcode(name, "M-000123456", scale=3)
    grey = scene(code // 2 + 60, 500, 300)
    noisy = (grey + np.random.default_rng(3).normal(0, 26, grey.shape)).clip(0, 255).astype(np.uint8)
    found = StillLook(ALL_FORMATS)(noisy)
    assert [(one.format, one.text) for one in found] == [(name, "M-000123456")]
