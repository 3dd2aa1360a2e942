"""What the stages share: where a picture has texture, and its bars, straightened."""

import numpy as np
import pytest

from device.decoding.bar_reader import BarReader
from device.decoding.formats import ALL_FORMATS
from device.decoding.texture import texture_of
from device.decoding.view import View
from tests.fakes.pictures import barcode, placed, qr


def read(strips):
    return {(one.format, one.text) for finds in BarReader(ALL_FORMATS).read(strips, "bars") for one in finds}


@pytest.mark.parametrize("noise", [0, 3, 8])
def test_an_even_scene_is_busy_nowhere_whatever_its_noise(noise):
    grey = np.random.default_rng(1).normal(120, noise, (480, 640)).clip(0, 255).astype(np.uint8)
    assert View(grey).busy is None


@pytest.mark.parametrize(
    "scene", [{}, {"noise": 8}, {"brightness": 0.25, "noise": 1}, {"blur_px": 2}], ids=str
)
def test_the_busy_part_holds_the_code_and_little_else(scene):
    view = View(placed(qr("CM1ABC"), **scene))
    assert view.busy is not None
    left, top, right, bottom = view.texture.busy_box()
    assert left < 320 - 60
    assert right > 320 + 60
    assert top < 240 - 60
    assert bottom > 240 + 60
    assert view.busy.size < 0.4 * 640 * 480


def test_a_tiny_picture_has_no_texture_and_is_busy_as_a_whole():
    view = View(np.zeros((20, 300), dtype=np.uint8))
    assert texture_of(view.grey) is None
    assert view.busy is view.grey
    assert view.strips == ()


@pytest.mark.parametrize("turn_deg", [0, 23, 45, 90, 158, 270])
@pytest.mark.parametrize(
    ("name", "text"),
    [("Code128", "M-000123"), ("Code39", "AB-1234"), ("ITF", "1234567890"), ("EAN13", "5000213002834")],
)
def test_bars_are_read_straightened_from_any_direction(name, text, turn_deg):
    picture = placed(barcode(name, text, scale=2), turn_deg=turn_deg, noise=10)
    assert read(View(picture).strips) == {(name, text)}


def test_bars_too_wide_for_the_blocks_are_found_in_the_half():
    picture = placed(barcode("ITF", "123456", scale=12), size=(1200, 900))
    assert ("ITF", "123456") in read(View(picture).coarse_strips)


def test_bars_in_a_frame_that_touches_them_are_read():
    code = barcode("Code128", "M-000123", scale=3)
    inked = np.nonzero((code < 128).any(axis=0))[0]
    code = np.pad(code[35:-35, inked[0] : inked[-1] + 1], ((0, 0), (6, 6)), constant_values=255)
    framed = np.pad(code, ((12, 12), (12, 12)), constant_values=10)
    view = View(placed(framed))
    assert read(view.strips) == set()
    found = BarReader(ALL_FORMATS).read_framed(view.strips[0], "framed")
    assert {(one.format, one.text) for one in found} == {("Code128", "M-000123")}


def test_bent_bars_are_read_line_by_line():
    code = barcode("Code128", "M-000123", scale=3)
    bent = np.stack([np.roll(line, round(20 * np.sin(row / 40))) for row, line in enumerate(code)])
    strips = View(placed(bent)).strips
    assert read(strips) == set()
    found = BarReader(ALL_FORMATS).read_lines(strips, "lines")
    assert {(one.format, one.text) for one in found} == {("Code128", "M-000123")}
