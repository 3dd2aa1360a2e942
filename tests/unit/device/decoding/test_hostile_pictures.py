"""Picture files that are damaged, odd or meant to hurt: a clear line each, and the next one is read."""

import contextlib
import io
import json
import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from device.decoding.pictures import decode_files, grey_of, open_grey
from device.errors import PictureError
from tests.fakes.pictures import barcode, placed, qr

CARD = Image.fromarray(placed(qr("CM1ABC")))


def saved(picture, kind, **options):
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


FILES = {
    kind: saved(CARD.resize((160, 120)), kind)
    for kind in ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "PPM")
}


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(FILES)),
    st.lists(st.tuples(st.integers(0, 2**20), st.integers(0, 255)), max_size=12),
    st.floats(0, 1),
)
def test_a_damaged_file_is_a_picture_or_a_clear_error(kind, changes, share):
    data = bytearray(FILES[kind])
    for at, value in changes:
        data[at % len(data)] = value
    with contextlib.suppress(PictureError):
        grey = grey_of(io.BytesIO(bytes(data[: round(len(data) * max(share, 0.02))])))
        assert grey.ndim == 2
        assert grey.dtype == np.uint8


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF", b"P5 ", b"II*\0"]),
)
def test_bytes_of_any_kind_are_a_picture_or_a_clear_error(data, head):
    with contextlib.suppress(PictureError):
        assert grey_of(io.BytesIO(head + data)).ndim == 2


def _png_claiming(width, height):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(20_000, 20_000), (2**31 - 1, 2**31 - 1), (2**31 - 1, 1), (0, 5)])
def test_a_file_that_claims_to_be_huge_is_refused_at_once(size):
    with pytest.raises(PictureError):
        grey_of(io.BytesIO(_png_claiming(*size)))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200), "HEIC"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic" + bytes(200), "HEIC"),
        (b"\xef\xbb\xbf\n<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"<?xml version='1.0'?><!-- drawn --><svg/>", "SVG"),
        (b"%PDF-1.7", "PDF"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n", "PostScript"),
        (bytes(300), "no picture"),
        (b"<html>", "no picture"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_what_is_no_picture_is_told_by_its_kind(data, said):
    with pytest.raises(PictureError, match=said):
        grey_of(io.BytesIO(data))


def test_a_pipe_and_a_device_are_refused_without_waiting_for_them(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    for path in (tmp_path / "pipe.png", tmp_path, Path("/dev/zero")):
        with pytest.raises(PictureError, match="no file"):
            open_grey(path)


def test_a_deep_and_a_clear_picture_of_many_rows_come_in_bands_without_a_seam(tmp_path):
    ramp = np.tile(np.arange(1200, dtype=np.uint16)[:, None] * 50, (1, 4))
    Image.fromarray(ramp).save(tmp_path / "deep.png")
    assert (np.diff(open_grey(tmp_path / "deep.png")[:, 0].astype(int)) >= 0).all()
    clear = Image.new("RGBA", (4, 1200), (0, 0, 0, 0))
    clear.putpixel((1, 900), (0, 0, 0, 255))
    clear.save(tmp_path / "clear.png")
    grey = open_grey(tmp_path / "clear.png")
    assert grey[900, 1] == 0
    assert (grey == 255).sum() == grey.size - 1


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_of_a_phone_is_set_upright(tmp_path, orientation):
    upright = np.zeros((20, 40), dtype=np.uint8)
    upright[:5, :5] = 255
    turns = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    undo = turns[orientation]
    stored = (
        Image.fromarray(upright)
        if undo is None
        else Image.fromarray(upright).transpose(Image.Transpose(undo))
    )
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored.save(tmp_path / "phone.png", exif=exif)
    assert (open_grey(tmp_path / "phone.png") == upright).all()


def test_odd_pictures_are_read_one_after_the_other_and_broken_ones_told(tmp_path):
    files = {
        "cmyk.jpg": (saved(CARD.convert("CMYK"), "JPEG"), "CM1ABC"),
        "colour.jpg": (saved(CARD.convert("RGB"), "JPEG", quality=70), "CM1ABC"),
        "animated.gif": (saved(CARD, "GIF", save_all=True, append_images=[Image.new("L", CARD.size)]), "CM1ABC"),
        "animated.webp": (
            saved(CARD.convert("RGB"), "WEBP", save_all=True, append_images=[Image.new("RGB", CARD.size)], lossless=True),
            "CM1ABC",
        ),
        "deep.png": (saved(Image.fromarray(np.asarray(CARD).astype(np.uint16) * 257), "PNG"), "CM1ABC"),
        "cut.jpg": (saved(CARD, "JPEG")[:400], None),
        "huge.png": (_png_claiming(30_000, 30_000), None),
        "empty.png": (b"", None),
        "one.png": (saved(Image.new("L", (1, 1)), "PNG"), ""),
        "tall.png": (saved(Image.new("L", (90, 20_000), 255), "PNG"), ""),
        "wide.png": (saved(Image.fromarray(np.pad(barcode("Code128", "M-0042"), ((0, 0), (9_000, 9_000)))), "PNG"), "M-0042"),
        "card.png": (saved(CARD, "PNG"), "CM1ABC"),
    }  # fmt: skip
    for name, (data, _) in files.items():
        (tmp_path / name).write_bytes(data)
    out = io.StringIO()
    assert decode_files([tmp_path / name for name in files], False, out) == 1
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert len(lines) == len(files)
    for line, (name, (_, text)) in zip(lines, files.items(), strict=True):
        assert line["file"].endswith(name)
        if text is None:
            assert line["error"]
        else:
            assert [code["text"] for code in line["codes"]] == ([text] if text else []), name
