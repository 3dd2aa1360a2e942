"""Draws a receipt for an e-mail, as text and as HTML of the same document that printers get."""

from collections.abc import Iterator
from dataclasses import replace

from checkout.receipts.build import receipt_document
from checkout.receipts.columns import closing_lines, receipt_lines
from checkout.receipts.document import ReceiptDocument
from checkout.web.rendering import render
from checkout.words import words_for
from loyalty.domain.text import clean_line
from loyalty.errors import UnknownIdError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.send_receipt import DrawnReceipt, ReceiptToDraw
from loyalty.services.setup import shop_settings

_COLUMNS = 44
_MAX_CHARS = 300


def draw_receipt(unit: UnitOfWork, asked: ReceiptToDraw) -> DrawnReceipt:
    """The receipt with its rewards and taxes, each with its why, and with points where they may be seen.

    Raises:
        UnknownIdError: The sale is not completed, so there is none.
    """
    words = words_for(asked.language[:2].lower(), shop_settings(unit).country)
    document = receipt_document(unit, asked.sale, words)
    if document is None:
        raise UnknownIdError("a sale that is not completed has no receipt", sale=str(asked.sale.id))
    if not asked.shows_account:
        document = replace(document, loyalty=())
    html = render(
        "letter_receipt.html",
        words,
        document=document,
        opening=_clean(asked.opening),
        closing=_clean(asked.closing.partition(asked.opt_out_link)[0]),
        opt_out_link=asked.opt_out_link,
    )
    return DrawnReceipt(text="\n".join(_lines(asked, document)), html=html)


def _lines(asked: ReceiptToDraw, document: ReceiptDocument) -> Iterator[str]:
    yield asked.opening
    yield ""
    for line in (*receipt_lines(document, _COLUMNS), *closing_lines(document, _COLUMNS)):
        yield line.text.center(_COLUMNS).rstrip() if line.align == "center" else line.text
    yield ""
    yield asked.closing


def _clean(text: str) -> str:
    return clean_line(text, _MAX_CHARS) or ""
