"""Codes drawn by us are read by our own reader, in every form."""

import io
import re
import string

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from codes import CardSigner
from codes.errors import CodeNotDrawnError
from codes.pictures import MAX_BAR_CHARS, Symbol, can_draw, modules_of, png, runs, svg
from device.decoding.formats import COUNTER_FORMATS
from device.decoding.looks import StillLook
from device.decoding.pictures import grey_of
from runtime.ids import new_id

CARD = CardSigner(bytes(range(32))).static(new_id())
ADDRESS = "https://lune.example/c?reference_id=000123456"
REFERENCES = ["000123456", "00aB-77", "A", "0" * MAX_BAR_CHARS]


def read(picture: bytes) -> list[str]:
    return [found.text for found in StillLook(COUNTER_FORMATS)(grey_of(io.BytesIO(picture)))]


def drawn_from(document: str, scale: int = 6) -> bytes:
    """The SVG's rectangles painted as a picture: a reader of just what these documents hold."""
    width, height = (int(side) for side in re.search(r'viewBox="0 0 (\d+) (\d+)"', document).groups())  # type: ignore[union-attr]
    pixels = np.full((height, width), 255, np.uint8)
    path = re.search(r'<path d="([^"]*)"', document)
    assert path is not None
    for x, y, length, down in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+z", path[1]):
        pixels[int(y) : int(y) + int(down), int(x) : int(x) + int(length)] = 0
    out = io.BytesIO()
    Image.fromarray(pixels).resize((width * scale, height * scale), Image.Resampling.NEAREST).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("text", [CARD, ADDRESS, *REFERENCES])
def test_a_qr_code_is_read_back_as_png_and_svg(text: str) -> None:
    # rows 84, 99
    assert read(png(text, Symbol.QR)) == [text]
    assert read(drawn_from(svg(text, Symbol.QR))) == [text]


@pytest.mark.parametrize("text", REFERENCES)
def test_a_barcode_is_read_back_as_png_and_svg(text: str) -> None:
    # row 84
    assert read(png(text, Symbol.CODE_128, scale=4)) == [text]
    assert read(drawn_from(svg(text, Symbol.CODE_128), scale=4)) == [text]


@settings(max_examples=15, deadline=None)
@given(
    st.text(string.ascii_letters + string.digits + " ._/-", min_size=3, max_size=20)
    .map(str.strip)
    .filter(bool)
)
def test_any_reference_keeps_its_zeros_and_capitals(reference: str) -> None:
    # part of row 91
    assert read(png(reference, Symbol.QR)) == [reference]


def test_a_signed_card_takes_the_compact_mode() -> None:
    assert modules_of(CARD, Symbol.QR).shape == (41, 41)


@pytest.mark.parametrize(
    ("text", "symbol"),
    [("", Symbol.QR), ("x" * 501, Symbol.QR), ("", Symbol.CODE_128), ("0" * 33, Symbol.CODE_128), ("é", Symbol.CODE_128)],
)  # fmt: skip
def test_what_no_scanner_could_read_is_not_drawn(text: str, symbol: Symbol) -> None:
    assert not can_draw(text, symbol)
    with pytest.raises(CodeNotDrawnError):
        png(text, symbol)


def test_signs_of_markup_stay_text() -> None:
    document = svg("<&>", Symbol.CODE_128)
    assert "&lt;&amp;&gt;</text>" in document


@given(st.lists(st.booleans(), max_size=40))
def test_runs_say_the_same_as_the_modules(line: list[bool]) -> None:
    rebuilt = [False] * len(line)
    for start, length in runs(line):
        rebuilt[start : start + length] = [True] * length
    assert rebuilt == line
