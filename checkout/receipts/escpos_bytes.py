"""A receipt as the bytes that an ESC/POS printer takes, made by python-escpos."""

from collections.abc import Iterable

from escpos.capabilities import CAPABILITIES
from escpos.magicencode import Encoder, MagicEncode
from escpos.printer import Dummy

from checkout.receipts.columns import PrintLine, centred, closing_lines, in_characters, receipt_lines
from checkout.receipts.document import ReceiptDocument
from checkout.receipts.printer_text import NO_BREAK, best_page, printable
from loyalty.domain.receipt_settings import LanePrinter, PaperWidth

_DRAWER_PIN = 2
_QR_SIZES = {PaperWidth.MM_58: 4, PaperWidth.MM_80: 6}
_DEFAULT = "default"


def known_profiles() -> tuple[str, ...]:
    """Printers whose abilities python-escpos knows; ``default`` fits most, ``simple`` is ASCII alone."""
    return tuple(sorted(CAPABILITIES["profiles"], key=lambda name: (name != _DEFAULT, name)))


class EscposPaper:
    """Collects the bytes of one print. Not thread-safe.

    Args:
        printer: Decides width, code page, cutter, QR codes and drawer.
    """

    def __init__(self, printer: LanePrinter) -> None:
        profile = printer.profile if printer.profile in CAPABILITIES["profiles"] else _DEFAULT
        self._out = Dummy(profile=profile)
        pages = self._out.profile.get_code_pages()
        self._page = best_page(pages)
        self._columns = printer.paper.columns
        self._qr_size = _QR_SIZES[printer.paper]
        self._out.hw("INIT")
        if self._page in pages:
            encoder = Encoder({self._page: pages[self._page]})
            self._out.magic = MagicEncode(self._out, encoder=encoder)

    def write(self, lines: Iterable[PrintLine]) -> None:
        for line in lines:
            size = 2 if line.is_large else 1
            self._out.set(
                align=line.align, bold=line.is_bold, invert=line.is_inverse, custom_size=True, width=size,
                height=size,
            )  # fmt: skip
            text = self.written(line.text).replace(NO_BREAK, " ")[: self._columns // size]
            self._out.text(f" {text} "[: self._columns] if line.is_inverse else text)
            self._out.set(invert=False)
            self._out.ln()

    def draw_link(self, address: str, hint: str) -> None:
        """A QR code of an address, by the printer itself where it can, as a picture where it cannot."""
        self._out.set(align="center")
        is_native = bool(self._out.profile.supports("qrCode"))
        self._out.qr(address, native=is_native, size=self._qr_size, center=not is_native)
        self.write(centred(hint, self._columns))

    def finish(self, *, opens_drawer: bool = False) -> bytes:
        """Feed, cut where there is a knife, kick the drawer; all bytes."""
        self._out.ln(2)
        if self._out.profile.supports("paperFullCut") or self._out.profile.supports("paperPartCut"):
            self._out.cut()
        else:
            self._out.ln(4)
        if opens_drawer:
            self._out.cashdraw(_DRAWER_PIN)
        data: bytes = self._out.output
        return data

    def written(self, text: str) -> str:
        """The text in characters that this printer has."""
        return printable(text, self._page)

    @property
    def columns(self) -> int:
        return self._columns


def receipt_bytes(document: ReceiptDocument, printer: LanePrinter, *, opens_drawer: bool = False) -> bytes:
    """The whole receipt.

    Args:
        document: What to print.
        printer: On what.
        opens_drawer: The first print of a sale that was paid in cash.
    """
    paper = EscposPaper(printer)
    document = in_characters(document, paper.written)
    paper.write(receipt_lines(document, paper.columns))
    if document.member_link:
        paper.draw_link(document.member_link, document.member_link_hint)
    paper.write([PrintLine("")])
    paper.write(closing_lines(document, paper.columns))
    return paper.finish(opens_drawer=opens_drawer)
