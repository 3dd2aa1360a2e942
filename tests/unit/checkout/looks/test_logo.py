"""A logo is taken where it can be drawn and travels light."""

import base64
import io
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from checkout.looks.logo import MAX_UPLOAD_BYTES, read_logo
from checkout.programme.typed import Problem
from messaging.station.look import MAX_LOGO_BASE64, KioskLook


def picture(kind: str = "PNG", size: tuple[int, int] = (900, 300)) -> bytes:
    image = Image.new("RGBA", size, (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((size[0] // 9, 10, size[0] // 3, size[1] - 10), fill="#B0203A")
    file = io.BytesIO()
    (image.convert("RGB") if kind == "JPEG" else image).save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_becomes_a_small_png_that_a_device_takes(kind: str) -> None:
    read = read_logo(picture(kind))

    assert isinstance(read, str)
    assert KioskLook(logo_base64=read).logo_base64 == read
    with Image.open(io.BytesIO(base64.b64decode(read))) as logo:
        assert logo.format == "PNG"
        assert logo.height <= 108


def test_the_empty_margin_is_cut_off() -> None:
    read = read_logo(picture())

    assert isinstance(read, str)
    with Image.open(io.BytesIO(base64.b64decode(read))) as logo:
        assert logo.width < 100  # the ellipse alone


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "logo_unreadable"),
        (picture("GIF"), "logo_unreadable"),
        (picture()[:200], "logo_unreadable"),
        (picture(size=(200, 30)), "logo_too_small"),
        (picture(size=(4000, 3000)), "logo_too_large"),
        (b"x" * (MAX_UPLOAD_BYTES + 1), "logo_too_large"),
    ],
)
def test_what_is_no_logo_is_refused_with_a_reason(data: bytes, code: str) -> None:
    read = read_logo(data)

    assert isinstance(read, Problem)
    assert read.code == code


def test_a_photograph_of_noise_is_too_detailed_or_small_enough() -> None:
    image = Image.frombytes("RGB", (600, 300), os.urandom(600 * 300 * 3))
    file = io.BytesIO()
    image.save(file, "PNG")
    read = read_logo(file.getvalue())

    assert isinstance(read, Problem) or len(read) <= MAX_LOGO_BASE64


@given(st.binary(max_size=400), st.integers(0, 300))
def test_damaged_files_end_in_a_reason(noise: bytes, at: int) -> None:
    whole = picture()
    read = read_logo(whole[:at] + noise + whole[at + len(noise) :])

    assert isinstance(read, Problem) or len(read) <= MAX_LOGO_BASE64
