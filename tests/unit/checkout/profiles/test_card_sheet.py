"""Sheets of cards as a printer gets them: rendered, looked at, and read by our own reader."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pypdfium2
import pytest

from checkout.errors import CardFontMissingError
from checkout.profiles.card_fonts import card_fonts
from checkout.profiles.card_sheet import CARD_HEIGHT_MM, CARD_WIDTH_MM, CardFace, Paper, SheetText, card_sheet
from codes import CardSigner
from codes.pictures import Symbol
from device.decoding.formats import COUNTER_FORMATS
from device.decoding.looks import StillLook
from runtime.ids import new_id

_DPI = 200
SIGNER = CardSigner(bytes(range(32)))
SHEET = SheetText("Maison Lumen", "Carte de fidélité")
PAPERS = {Paper.A4: (210, 297), Paper.LETTER: (216, 279)}


@pytest.fixture
def opened() -> Iterator[Callable[[bytes], pypdfium2.PdfDocument]]:
    documents: list[pypdfium2.PdfDocument] = []

    def open_one(content: bytes) -> pypdfium2.PdfDocument:
        documents.append(pypdfium2.PdfDocument(content))
        return documents[-1]

    yield open_one
    for document in documents:
        document.close()


def codes_on(page: pypdfium2.PdfPage) -> set[str]:
    """What is read on a page at the resolution of a poor printer, once it is cut along the marks."""
    grey = np.asarray(page.render(scale=_DPI / 72, grayscale=True).to_pil())
    down, across = grey.shape
    high, wide = round(CARD_HEIGHT_MM / 25.4 * _DPI), round(CARD_WIDTH_MM / 25.4 * _DPI)
    top, left = (down - 5 * high) // 2, (across - 2 * wide) // 2
    look = StillLook(COUNTER_FORMATS)
    found: set[str] = set()
    for place in range(10):
        y, x = top + place // 2 * high, left + place % 2 * wide
        found |= {str(each.text) for each in look(np.ascontiguousarray(grey[y : y + high, x : x + wide]))}
    return found


@pytest.mark.parametrize("paper", list(Paper))
def test_every_code_of_a_sheet_is_read_back(
    paper: Paper, opened: Callable[[bytes], pypdfium2.PdfDocument]
) -> None:
    # row 102
    names = ["Camille Roux", "Zoé Œuvrard-Ñandú", "Łukasz Żółć", "محمد علي", "Иван Петров", "", "x" * 200]
    faces = [CardFace(names[number % 7], SIGNER.static(new_id()), "000123456") for number in range(12)]
    document = opened(card_sheet(faces, SHEET, Symbol.QR, paper))
    assert len(document) == 2
    assert {round(side * 25.4 / 72) for side in document[0].get_size()} == set(PAPERS[paper])
    assert codes_on(document[0]) == {face.text for face in faces[:10]}
    assert codes_on(document[1]) == {face.text for face in faces[10:]}
    words = document[0].get_textpage().get_text_range()
    for part in (
        "Maison Lumen",
        "Camille Roux",
        "Zoé Œuvrard-Ñandú",
        "Łukasz Żółć",
        "Иван Петров",
        "000123456",
    ):
        assert part in words, part


def test_barcodes_of_a_sheet_are_read_back_and_what_is_too_long_becomes_a_qr_code(
    opened: Callable[[bytes], pypdfium2.PdfDocument],
) -> None:
    # row 102
    faces = [
        CardFace("Idris", "000123457"),
        CardFace("Zoé", "00aB-77"),
        CardFace("Camille", SIGNER.static(new_id())),
    ]
    document = opened(card_sheet(faces, SHEET, Symbol.CODE_128, Paper.A4))
    assert codes_on(document[0]) == {face.text for face in faces}
    assert "00aB-77" in document[0].get_textpage().get_text_range()


def test_letters_are_embedded() -> None:
    content = card_sheet([CardFace("Zoé", "1")], SHEET, Symbol.QR, Paper.A4)
    assert b"FontFile2" in content


def test_a_machine_without_the_letters_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(CardFontMissingError, match="fonts-noto-core"):
        card_fonts((tmp_path,))
