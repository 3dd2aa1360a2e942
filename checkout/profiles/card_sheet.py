"""Membership cards as a PDF to print and cut: ten to a page, in the size of a bank card (row 102)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from checkout.profiles.card_fonts import FURTHER, STRONG, TEXT, card_fonts
from codes.pictures import Symbol, can_draw, modules_of, runs

if TYPE_CHECKING:
    from fpdf import FPDF

CARD_WIDTH_MM, CARD_HEIGHT_MM = 85.6, 54.0
_COLUMNS, _ROWS = 2, 5
PER_PAGE = _COLUMNS * _ROWS
_BAND_MM = 11.0
_EDGE_MM = 5.0
_MARK_MM = 4.0
_QR_MM = 34.0
_QR_QUIET = 4
_OVERLAP = 1.03
_BAR_MM = 0.33
_BARS_MM = 13.0
_BRAND, _GOLD, _INK, _SOFT, _CUT = (12, 74, 62), (244, 190, 91), (23, 33, 30), (74, 85, 81), (120, 120, 120)
_MAX_PT, _MIN_PT = 14.0, 7.0
_PT_STEP = 0.5


class Paper(StrEnum):
    """Sizes that printers of shops hold."""

    A4 = "A4"
    LETTER = "Letter"


@dataclass(frozen=True)
class CardFace:
    """What stands on one card; ``text`` is what its code says."""

    name: str
    text: str
    subline: str = ""


@dataclass(frozen=True)
class SheetText:
    """What stands on all of them."""

    shop: str
    title: str
    """The document's, and below each name: ``Carte de fidélité``."""


def card_sheet(faces: Sequence[CardFace], sheet: SheetText, symbol: Symbol, paper: Paper) -> bytes:
    """The PDF. A text that the symbol cannot hold is drawn as QR, which holds all of them.

    Raises:
        CardFontMissingError: The letters are not installed.
    """
    pdf = _document(faces, sheet, paper)
    left = (pdf.w - _COLUMNS * CARD_WIDTH_MM) / 2
    top = (pdf.h - _ROWS * CARD_HEIGHT_MM) / 2
    for first in range(0, len(faces), PER_PAGE):
        page = faces[first : first + PER_PAGE]
        pdf.add_page()
        for place, face in enumerate(page):
            row, column = divmod(place, _COLUMNS)
            x, y = left + column * CARD_WIDTH_MM, top + row * CARD_HEIGHT_MM
            _draw_card(pdf, x, y, face, sheet, symbol=symbol)
        _draw_cut_marks(pdf, left, top)
    return bytes(pdf.output())


def _document(faces: Sequence[CardFace], sheet: SheetText, paper: Paper) -> "FPDF":
    from fpdf import FPDF  # noqa: PLC0415 - loaded by the first card that is printed, not by every station

    fonts = card_fonts()
    pdf = FPDF(format=paper.value)
    pdf.set_auto_page_break(auto=False)
    pdf.set_title(f"{sheet.title} – {sheet.shop}")
    pdf.set_creator("Comptoir")
    pdf.set_lang("")
    pdf.add_font("card", "", fonts[TEXT])
    pdf.add_font("card", "B", fonts[STRONG])
    face_of_text = pdf.fonts["card"]
    known = set(getattr(face_of_text, "cmap", ()))
    said = [sheet.shop, sheet.title, *(part for face in faces for part in (face.name, face.subline))]
    foreign = {ord(char) for text in said for char in text} - known
    fallbacks = []
    for stem in FURTHER if foreign else ():
        if stem in fonts:
            pdf.add_font(stem, "", fonts[stem])
            fallbacks.append(stem)
    if fallbacks:
        pdf.set_fallback_fonts(fallbacks, exact_match=False)
        pdf.set_text_shaping(use_shaping_engine=True)  # letters that join, and lines from the right
    return pdf


def _draw_card(pdf: "FPDF", x: float, y: float, face: CardFace, sheet: SheetText, *, symbol: Symbol) -> None:
    pdf.set_fill_color(*_BRAND)
    pdf.rect(x, y, CARD_WIDTH_MM, _BAND_MM, style="F")
    pdf.set_fill_color(*_GOLD)
    pdf.rect(x, y + _BAND_MM, CARD_WIDTH_MM, 0.8, style="F")
    _write(pdf, sheet.shop, x + _EDGE_MM, y + 2.6, CARD_WIDTH_MM - 2 * _EDGE_MM, color=(255, 255, 255))
    if symbol is Symbol.CODE_128 and can_draw(face.text, symbol):
        _draw_bars(pdf, x, y, face)
        room = CARD_WIDTH_MM - 2 * _EDGE_MM
    else:
        _draw_qr(pdf, x + CARD_WIDTH_MM - _QR_MM - 3, y + _BAND_MM + 4.4, face.text)
        room = CARD_WIDTH_MM - _QR_MM - 2 * _EDGE_MM - 1
    top = y + _BAND_MM + 6
    _write(pdf, face.name, x + _EDGE_MM, top, room, color=_INK)
    _write(pdf, sheet.title, x + _EDGE_MM, top + 7, room, color=_SOFT, max_pt=8.5, style="")
    if face.subline and symbol is Symbol.QR:
        _write(
            pdf, face.subline, x + _EDGE_MM, y + CARD_HEIGHT_MM - 8.5, room, color=_INK, max_pt=9, style=""
        )


def _write(
    pdf: "FPDF",
    text: str,
    x: float,
    y: float,
    room: float,
    *,
    color: tuple[int, int, int],
    max_pt: float = _MAX_PT,
    style: str = "B",
) -> None:
    """One line, smaller where it would not fit, cut where even that does not help."""
    size = max_pt
    pdf.set_font("card", style, size)
    while pdf.get_string_width(text) > room and size > _MIN_PT:
        size -= _PT_STEP
        pdf.set_font("card", style, size)
    while text and pdf.get_string_width(text) > room:
        text = text[:-2].rstrip() + "…" if len(text) > 2 else ""
    pdf.set_text_color(*color)
    pdf.set_xy(x, y)
    pdf.cell(room, 6, text)


def _draw_qr(pdf: "FPDF", x: float, y: float, text: str) -> None:
    """As shapes, sharp on any printer; rows overlap by a hair, so that no seam shows between them."""
    modules = modules_of(text, Symbol.QR)
    side = _QR_MM / (len(modules) + 2 * _QR_QUIET)
    pdf.set_fill_color(0, 0, 0)
    for row, line in enumerate(modules):
        for start, length in runs(line):
            left, top = x + (start + _QR_QUIET) * side, y + (row + _QR_QUIET) * side
            pdf.rect(left, top, length * side, side * _OVERLAP, style="F")


def _draw_bars(pdf: "FPDF", x: float, y: float, face: CardFace) -> None:
    modules = modules_of(face.text, Symbol.CODE_128)[0]
    width = min(_BAR_MM, (CARD_WIDTH_MM - 2 * _EDGE_MM - 6) / len(modules))
    left = x + (CARD_WIDTH_MM - width * len(modules)) / 2
    top = y + CARD_HEIGHT_MM - _BARS_MM - 9
    pdf.set_fill_color(0, 0, 0)
    for start, length in runs(modules):
        pdf.rect(left + start * width, top, length * width, _BARS_MM, style="F")
    pdf.set_font("card", "", 9)
    pdf.set_text_color(*_INK)
    pdf.set_xy(x, top + _BARS_MM + 0.5)
    pdf.cell(CARD_WIDTH_MM, 6, face.text, align="C")


def _draw_cut_marks(pdf: "FPDF", left: float, top: float) -> None:
    """Short lines in the margins, in line with the edges of the cards."""
    pdf.set_draw_color(*_CUT)
    pdf.set_line_width(0.15)
    right, bottom = left + _COLUMNS * CARD_WIDTH_MM, top + _ROWS * CARD_HEIGHT_MM
    for x in _edges(left, CARD_WIDTH_MM, _COLUMNS):
        pdf.line(x, top - 1 - _MARK_MM, x, top - 1)
        pdf.line(x, bottom + 1, x, bottom + 1 + _MARK_MM)
    for y in _edges(top, CARD_HEIGHT_MM, _ROWS):
        pdf.line(left - 1 - _MARK_MM, y, left - 1, y)
        pdf.line(right + 1, y, right + 1 + _MARK_MM, y)


def _edges(start: float, step: float, count: int) -> Iterator[float]:
    return (start + step * number for number in range(count + 1))
