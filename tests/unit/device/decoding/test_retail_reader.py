"""Retail numbers fitted to averaged bars: what neither library reads, and never a guess."""

import numpy as np
import pytest

from device.decoding.agreement import believed
from device.decoding.formats import ALL_FORMATS
from device.decoding.found import Found
from device.decoding.looks import StillLook
from device.decoding.retail_fit import best_fit
from device.decoding.retail_patterns import LAYOUTS
from device.decoding.retail_reader import RetailReader
from device.decoding.view import View
from tests.fakes.pictures import barcode, placed

NUMBERS = {"EAN13": "5000213002834", "EAN8": "96385074", "UPCA": "023942431015", "UPCE": "01234565"}


def fitted(picture, formats=()):
    return RetailReader(ALL_FORMATS).read(View(picture).strips, "fit", formats)


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("turn_deg", [0, 7, 180, 263])
def test_every_retail_number_fits_in_any_direction(name, turn_deg):
    picture = placed(barcode(name, NUMBERS[name], scale=3), turn_deg=turn_deg, blur_px=1.5, noise=3)
    found = fitted(picture)
    assert {(one.format, one.text) for one in found} == {(name, NUMBERS[name])}


def test_bars_blurred_into_each_other_are_read_by_fitting_the_whole_number():
    picture = placed(barcode("EAN13", NUMBERS["EAN13"], scale=3), blur_px=2.4, noise=2)
    assert [(one.format, one.text) for one in StillLook(ALL_FORMATS)(picture)] == [
        ("EAN13", NUMBERS["EAN13"])
    ]


@pytest.mark.parametrize("name", ["Code128", "Code39", "ITF", "Codabar"])
def test_bars_of_another_symbology_are_no_retail_number(name):
    text = {"Code128": "M000123456", "Code39": "AB-1234", "ITF": "1234567890", "Codabar": "A1234567B"}[name]
    assert fitted(placed(barcode(name, text, scale=2), turn_deg=5)) == []


@pytest.mark.parametrize("seed", range(6))
def test_random_stripes_are_no_retail_number(seed):
    widths = np.random.default_rng(seed).integers(2, 9, 90)
    bars = np.repeat(np.arange(90) % 2 * 200 + 20, widths).astype(np.uint8)
    picture = np.full((300, 700), 220, dtype=np.uint8)
    picture[60:240, 80 : 80 + len(bars)] = bars
    assert fitted(picture) == []


def test_nothing_is_looked_at_where_no_retail_number_is_wanted_and_in_tiny_pictures():
    picture = placed(barcode("EAN13", NUMBERS["EAN13"]))
    assert RetailReader({"QRCode"}).read(View(picture).strips, "fit") == []
    assert View(np.zeros((20, 500), dtype=np.uint8)).strips == ()
    assert best_fit(np.zeros(300, dtype=np.float32), LAYOUTS["EAN13"]) is None


def test_a_strip_that_a_library_read_is_fitted_as_that_and_not_at_all_where_it_is_another_code():
    picture = placed(barcode("EAN13", NUMBERS["EAN13"]), blur_px=1)
    assert {one.text for one in fitted(picture, ["EAN13"])} == {NUMBERS["EAN13"]}
    assert {one.text for one in fitted(picture, ["UPCE"])} == {NUMBERS["EAN13"]}
    assert fitted(picture, ["Code128"]) == []


def test_bars_beside_those_of_another_code_may_be_a_piece_of_it_and_need_a_librarys_word():
    # The lower half of a Codabar, cut off by a glare, fitted a UPC-E with a clear lead.
    strip = View(placed(barcode("UPCE", NUMBERS["UPCE"], scale=3), blur_px=1)).strips[0]
    reader = RetailReader(ALL_FORMATS)
    assert believed(reader.read([strip, strip], "fit", [None, None]))
    finds = reader.read([strip, strip], "fit", ["Codabar", None])
    assert {(one.text, one.stage) for one in finds} == {(NUMBERS["UPCE"], "fit poor")}
    assert believed(finds) == []
    assert believed([*finds, Found("UPCE", NUMBERS["UPCE"], "zbar bars")])


@pytest.mark.parametrize(("name", "stages"), [("UPCE", {"fit poor"}), ("EAN8", {"fit 1", "fit clear"})])
def test_a_upce_is_clear_in_the_middle_of_its_bars_only(name, stages):
    # Stripes fitted one at their edges, with a clear lead, where the middle fitted nothing.
    strip = View(placed(barcode(name, NUMBERS[name], scale=3), blur_px=1)).strips[0]
    middle, *edges = strip.profiles
    spoilt = middle + np.random.default_rng(1).normal(0, 60, len(middle))
    strip.__dict__["profiles"] = (spoilt.astype(np.float32), *edges)
    assert {one.stage for one in RetailReader(ALL_FORMATS).read([strip], "fit")} == stages


@pytest.mark.parametrize("pitch", [9, 14, 30])
def test_a_fence_is_no_strip(pitch):
    picture = np.full((300, 700), 220, dtype=np.uint8)
    picture[60:240, 80:620][:, np.arange(540) % pitch < pitch // 2] = 40
    assert View(picture).strips == ()


def test_numbers_of_two_digits_only_are_stripes():
    picture = placed(barcode("EAN8", "44446666", scale=3), blur_px=1)
    assert fitted(picture) == []


def test_bands_that_fit_a_number_poorly_are_one_opinion_and_no_clear_one():
    # Of smeared bars two bands fit one wrong UPC-E alike, and with a lead.
    finds = fitted(placed(barcode("UPCE", NUMBERS["UPCE"], scale=3), turn_deg=3, blur_px=3.36, noise=4))
    assert [one.stage for one in finds] == ["fit poor", "fit poor"]
    assert believed(finds) == []
    assert believed([*finds, Found("UPCE", NUMBERS["UPCE"], "zbar bars")])
