"""What zxing-cpp reports, and what of it is let through."""

import zxingcpp

from device.decoding.zxing import Try, ZxingReader
from tests.fakes.pictures import barcode, placed

TEXT = "price ingredients flour no"


def test_a_pdf417_that_used_up_all_of_its_error_correction_is_not_reported():
    drawn = barcode("PDF417", TEXT, scale=2)
    size = drawn.shape[1] + 40, drawn.shape[0] + 40
    clear, poor = (
        placed(drawn, size=size, turn_deg=2, blur_px=1.0, noise=noise, seed=2) for noise in (0, 40)
    )
    reader = ZxingReader({"PDF417"})
    assert [found.text for found in reader.read(clear, "plain", Try.ALL)] == [TEXT]
    # With nothing left to check it the library still gives a text, the first half of it nonsense.
    [guessed] = zxingcpp.read_barcodes(poor)
    assert guessed.extra["UEC"] == 0
    assert guessed.text != TEXT
    assert reader.read(poor, "plain", Try.ALL) == []
