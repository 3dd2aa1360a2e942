"""The test sheet of scanners as a PDF, to print or to hold on a screen.

Rows 90 and 179: a scanner is tried on print and on screens before customers come.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from checkout.profiles.card_fonts import STRONG, TEXT, card_fonts
from checkout.profiles.card_sheet import Paper
from checkout.scanner_samples import scanner_samples
from codes.pictures import Modules, runs
from comptoir.errors import CommandError

if TYPE_CHECKING:
    from fpdf import FPDF

Language = Literal["fr", "en"]

_EDGE_MM, _TOP_MM, _ROW_MM = 18.0, 46.0, 44.0
_CODE_WIDTH_MM, _CODE_HEIGHT_MM, _BAR_HEIGHT_MM = 52.0, 34.0, 20.0
_TEXT_LEFT_MM = _EDGE_MM + _CODE_WIDTH_MM + 10
_MOST_MODULE_MM = 0.9

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "fr": {
        "title": "Feuille d’essai des lecteurs",
        "intro": "Lisez chaque code, imprimé puis affiché sur un écran. Le texte lu doit être celui de la "
        "feuille, caractère pour caractère.",
        "layout": "Clavier du lecteur",
        "layout_hint": "À lire en premier : la commande « comptoir scanner learn » trouve le clavier, le "
        "préfixe et le suffixe réglés dans le lecteur ; le coin du personnel de la caisse dit le clavier.",
        "address": "QR d’une adresse",
        "address_hint": "Comme sur le téléphone d’un client.",
        "reference": "Code 128",
        "reference_hint": "Comme sur une carte imprimée.",
        "number": "EAN-13",
        "number_hint": "Comme sur un article. Les treize chiffres doivent venir.",
        "elements": "GS1 DataMatrix",
        "elements_hint": "Avec un séparateur de groupe : beaucoup de lecteurs ne le lisent qu’après réglage. "
        "Il n’identifie pas de client.",
    },
    "en": {
        "title": "Test sheet for scanners",
        "intro": "Scan each code, printed and then on a screen. The text read must be the sheet’s, character "
        "by character.",
        "layout": "The scanner’s keyboard",
        "layout_hint": "Scan this one first: the command “comptoir scanner learn” finds the keyboard, prefix "
        "and suffix that the scanner is set to; the staff corner of the lane tells the keyboard.",
        "address": "QR of an address",
        "address_hint": "As on a customer’s phone.",
        "reference": "Code 128",
        "reference_hint": "As on a printed card.",
        "number": "EAN-13",
        "number_hint": "As on an item. All thirteen digits must come.",
        "elements": "GS1 DataMatrix",
        "elements_hint": "With a group separator: many scanners read it only once they are set to. It names "
        "no customer.",
    },
}


def scanner_sheet(language: Language, paper: Paper) -> bytes:
    """The PDF, one page.

    Raises:
        CardFontMissingError: The letters are not installed.
    """
    from fpdf import FPDF

    words = _WORDS[language]
    fonts = card_fonts()
    pdf = FPDF(format=paper.value)
    pdf.set_auto_page_break(auto=False)
    pdf.set_title(words["title"])
    pdf.set_creator("Comptoir")
    pdf.set_lang(language)
    pdf.add_font("sheet", "", fonts[TEXT])
    pdf.add_font("sheet", "B", fonts[STRONG])
    pdf.add_page()
    _say(pdf, words["title"], _EDGE_MM, 16, style="B", size_pt=20)
    _say(pdf, words["intro"], _EDGE_MM, 28, size_pt=10.5)
    for row, sample in enumerate(scanner_samples()):
        top = _TOP_MM + row * _ROW_MM
        _draw(pdf, sample.modules, top)
        _say(pdf, words[sample.key], _TEXT_LEFT_MM, top, style="B", size_pt=13)
        _say(pdf, sample.text, _TEXT_LEFT_MM, top + 7, size_pt=10)
        _say(pdf, words[f"{sample.key}_hint"], _TEXT_LEFT_MM, top + 14, size_pt=9.5)
    return bytes(pdf.output())


def write_sheet(path: Path, language: Language, paper: Paper) -> None:
    """Write it.

    Raises:
        CommandError: The file cannot be written.
    """
    content = scanner_sheet(language, paper)
    try:
        path.write_bytes(content)
    except OSError as error:
        raise CommandError(f"cannot write {path}: {error.strerror}") from error


def _draw(pdf: "FPDF", modules: Modules, top: float) -> None:
    rows, columns = modules.shape
    is_bars = rows == 1
    module = min(
        _CODE_WIDTH_MM / columns, _MOST_MODULE_MM if is_bars else _CODE_HEIGHT_MM / rows, _MOST_MODULE_MM
    )
    height = _BAR_HEIGHT_MM if is_bars else module * 1.03  # rows overlap, so that no hairline parts them
    left = _EDGE_MM + (_CODE_WIDTH_MM - module * columns) / 2
    pdf.set_fill_color(0, 0, 0)
    for row, line in enumerate(modules):
        for start, length in runs(line):
            pdf.rect(left + start * module, top + row * module, length * module, height, style="F")


def _say(pdf: "FPDF", text: str, x: float, y: float, *, size_pt: float, style: str = "") -> None:
    pdf.set_font("sheet", style, size_pt)
    pdf.set_text_color(23, 33, 30)
    pdf.set_xy(x, y)
    pdf.multi_cell(pdf.w - x - _EDGE_MM, size_pt * 0.48, text, align="L")
