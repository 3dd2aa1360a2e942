"""``comptoir decode``: one line per picture, whatever the file holds."""

import io
import json
import os

import numpy as np
import pytest
from PIL import Image

from device.decoding.pictures import decode_files, open_grey
from device.errors import PictureError
from tests.fakes.pictures import barcode, placed, qr


def lines(paths, all_formats=False):
    out = io.StringIO()
    status = decode_files(paths, all_formats, out)
    return status, [json.loads(line) for line in out.getvalue().splitlines()]


def test_codes_are_printed_one_line_a_picture_and_errors_make_the_status_one(tmp_path):
    Image.fromarray(placed(qr("CM1ABC"))).save(tmp_path / "qr.png")
    Image.fromarray(placed(barcode("EAN13", "5000213002834"))).save(tmp_path / "ean.jpg")
    Image.fromarray(placed(qr(b"\xff\xfe\xff"))).save(tmp_path / "bytes.webp")
    (tmp_path / "text.png").write_text("no picture")
    (tmp_path / "cut.png").write_bytes((tmp_path / "qr.png").read_bytes()[:300])
    names = ["qr.png", "ean.jpg", "bytes.webp", "text.png", "cut.png", "absent.png"]
    status, printed = lines([tmp_path / name for name in names])
    assert status == 1
    assert [line["file"] for line in printed] == [str(tmp_path / name) for name in names]
    assert printed[0]["codes"] == [{"format": "QRCode", "text": "CM1ABC"}]
    assert printed[0]["ms"] > 0
    assert printed[1]["codes"] == [{"format": "EAN13", "text": "5000213002834"}]
    assert printed[2]["codes"] == []
    assert printed[2]["refused"] == [{"format": "QRCode", "reason": "not_utf8"}]
    assert all("error" in line and "codes" not in line for line in printed[3:])


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_names_and_texts_that_the_output_cannot_hold_are_escaped_and_the_rest_goes_on(tmp_path, encoding):
    # A file's name may be no text, and a terminal's character set may lack a letter.
    for name in (b"caf\xe9.png", "né.png".encode()):
        with (tmp_path / os.fsdecode(name)).open("wb") as file:
            Image.fromarray(placed(qr("CM1é".encode()))).save(file, "PNG")
    paths = [tmp_path / os.fsdecode(b"caf\xe9.png"), tmp_path / "né.png"]
    with (tmp_path / "lines").open("w", encoding=encoding) as out:
        assert decode_files(paths, False, out) == 0
    printed = [json.loads(line) for line in (tmp_path / "lines").read_text(encoding).splitlines()]
    assert [line["file"] for line in printed] == [str(path) for path in paths]
    assert [line["codes"][0]["text"] for line in printed] == ["CM1é", "CM1é"]


def test_formats_that_a_counter_does_not_read_need_asking_for(tmp_path):
    Image.fromarray(placed(barcode("DataMatrix", "M-123456"))).save(tmp_path / "dm.png")
    assert lines([tmp_path / "dm.png"])[1][0]["codes"] == []
    assert lines([tmp_path / "dm.png"], all_formats=True)[1][0]["codes"] == [
        {"format": "DataMatrix", "text": "M-123456"}
    ]


def test_a_sideways_photograph_is_set_upright_as_its_exif_data_say(tmp_path):
    picture = Image.fromarray(np.arange(200, dtype=np.uint8).reshape(10, 20))
    exif = Image.Exif()
    exif[0x0112] = 6
    picture.save(tmp_path / "side.png", exif=exif)
    assert open_grey(tmp_path / "side.png").shape == (20, 10)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "CMYK", "I;16", "I", "F"])
def test_pictures_of_every_mode_become_grey(tmp_path, mode):
    picture = Image.fromarray(qr("CM1ABC"))
    if mode == "I;16":
        picture = Image.fromarray(np.asarray(picture).astype(np.uint16) * 257)
    elif mode == "LA":
        picture = Image.merge("LA", (Image.new("L", picture.size, 0), Image.eval(picture, lambda v: 255 - v)))
    else:
        picture = picture.convert(mode)
    path = tmp_path / "picture.tiff"
    picture.save(path)
    grey = open_grey(path)
    assert grey.dtype == np.uint8
    assert (grey[0, 0], grey[4 * 4 + 2, 4 * 4 + 2]) == (255, 0)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(tmp_path):
    Image.new("1", (20_000, 20_000)).save(tmp_path / "huge.png")
    with pytest.raises(PictureError, match="too many"):
        open_grey(tmp_path / "huge.png")


def test_a_folder_is_no_picture(tmp_path):
    with pytest.raises(PictureError):
        open_grey(tmp_path)
