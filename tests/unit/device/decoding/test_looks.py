"""The stages on drawn pictures: turned, blurred, noisy, dim, empty."""

import numpy as np
import pytest

from device.decoding.formats import ALL_FORMATS, COUNTER_FORMATS
from device.decoding.looks import FrameLook, StillLook
from tests.fakes.pictures import barcode, placed, qr

CODES = {
    "Code128": "000123456", "Code39": "AB-123456", "Code93": "AB-123456", "Codabar": "A12345678B",
    "ITF": "1234567890", "EAN8": "96385074", "EAN13": "5000213002834", "UPCA": "023942431015",
    "DataMatrix": "M-000123456", "Aztec": "M-000123456", "PDF417": "M-000123456",
}  # fmt: skip


def read(look, picture):
    return [(found.format, found.text) for found in look(picture)]


@pytest.fixture(scope="module")
def everything():
    return StillLook(ALL_FORMATS)


@pytest.fixture(scope="module")
def counter():
    return StillLook(COUNTER_FORMATS)


@pytest.mark.parametrize("name", CODES)
def test_every_format_is_read_and_named_once(everything, name):
    # row 76
    assert read(everything, placed(barcode(name, CODES[name]))) == [(name, CODES[name])]


def test_a_upc_e_is_reported_with_its_eight_printed_digits(everything):
    assert read(everything, placed(barcode("UPCE", "01234565"))) == [("UPCE", "01234565")]


def test_a_upc_a_is_an_ean_13_with_a_zero_where_upc_a_is_off():
    look = StillLook({"EAN13"})
    assert read(look, placed(barcode("UPCA", "023942431015"))) == [("EAN13", "0023942431015")]


def test_formats_that_are_off_are_not_read(counter):
    assert read(counter, placed(barcode("Code39", "AB-123456"))) == []
    assert read(counter, placed(barcode("PDF417", "M-000123456"))) == []


@pytest.mark.parametrize(
    "scene",
    [
        {"turn_deg": 37}, {"turn_deg": 90}, {"turn_deg": 180}, {"blur_px": 1.2}, {"noise": 18},
        {"brightness": 0.2, "noise": 2}, {"turn_deg": 12, "blur_px": 0.8, "noise": 6, "brightness": 0.6},
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("kind", ["qr", "code128"])
def test_turned_blurred_noisy_and_dim_codes_are_read(counter, kind, scene):
    code = qr("CM1" + "MFRGGZDF" * 16) if kind == "qr" else barcode("Code128", "M123456", scale=3)
    expected = ("QRCode", "CM1" + "MFRGGZDF" * 16) if kind == "qr" else ("Code128", "M123456")
    assert read(counter, placed(code, **scene)) == [expected]


@pytest.mark.parametrize("text", ["José Núñez", "Łukasz", "https://example.com/m?ref=000123456", "点茗"])
def test_text_beyond_ascii_comes_back_as_it_was(counter, text):
    # row 100
    assert read(counter, placed(qr(text, encoding="utf-8"))) == [("QRCode", text)]


def test_a_declared_character_set_is_honoured_and_an_undeclared_one_is_not_guessed(counter):
    assert read(counter, placed(qr("Łukasz", encoding="iso-8859-2", eci=True))) == [("QRCode", "Łukasz")]
    assert read(counter, placed(qr("José", encoding="iso-8859-1"))) == [("QRCode", None)]
    assert read(counter, placed(qr(b"\xc3\xa9\xff\x00"))) == [("QRCode", None)]


@pytest.mark.parametrize("noise", [0, 10, 60])
def test_an_empty_scene_reads_as_nothing(everything, noise):
    assert read(everything, placed(np.full((60, 60), 120, dtype=np.uint8), noise=noise)) == []


def test_a_frame_costs_at_most_the_quick_stages_and_one_more():
    look = FrameLook(COUNTER_FORMATS)
    dim = placed(barcode("Code128", "M123456", scale=2), brightness=0.1, noise=1, blur_px=1.0)
    reads = [read(look, dim) for _ in range(10)]
    assert ("Code128", "M123456") in {found for finds in reads for found in finds}


def test_tiny_and_odd_pictures_are_no_fault(everything):
    for shape in [(1, 1), (1, 500), (3, 7), (2000, 2)]:
        assert read(everything, np.zeros(shape, dtype=np.uint8)) == []


@pytest.mark.parametrize(("name", "text"), [("Code128", "M123456"), ("EAN13", "5000213002834")])
def test_light_bars_on_dark_goods_are_read(counter, name, text):
    assert read(counter, 255 - placed(barcode(name, text, scale=2), turn_deg=4)) == [(name, text)]


@pytest.mark.parametrize("name", ["Aztec", "DataMatrix"])
def test_a_small_light_code_between_things_that_change_more_is_read(everything, name):
    picture = placed(255 - barcode(name, "M-000123456", scale=3), size=(900, 600), blur_px=0.5)
    tiles = np.random.default_rng(1).integers(0, 2, (75, 25), dtype=np.uint8) * 255
    for left in (0, 700):
        picture[:, left : left + 200] = np.kron(tiles, np.ones((8, 8), dtype=np.uint8))
    assert read(everything, picture) == [(name, "M-000123456")]
