"""A receipt in columns of one width, as a printer with a fixed font writes it."""

import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

from checkout.receipts.document import ReceiptDocument, Row

_GAP = 1
_INDENT = "  "


@dataclass(frozen=True)
class PrintLine:
    """One line of paper. ``large`` letters are twice as wide, so that half as many fit."""

    text: str
    is_bold: bool = False
    is_large: bool = False
    is_inverse: bool = False
    align: Literal["left", "center"] = "left"


def receipt_lines(document: ReceiptDocument, columns: int) -> Iterator[PrintLine]:
    """All lines above the QR code, none longer than the paper is wide.

    The document's texts are in the printer's characters already (:func:`in_characters`): some take more room
    than the letter that they stand for.
    """
    if document.training:
        yield from centred(document.training, columns, is_bold=True, is_inverse=True)
    yield from centred(document.shop_name, columns // 2, is_bold=True, is_large=True)
    for line in document.head:
        yield from centred(line, columns)
    yield PrintLine("")
    yield from centred(document.title, columns, is_bold=True)
    for line in document.facts:
        yield from centred(line, columns)
    yield _rule(columns)
    yield from _rows(document.lines, columns)
    if document.reductions:
        yield from _rows(document.reductions, columns)
    yield _rule(columns)
    yield from _rows(document.totals, columns)
    for part in (document.taxes, document.payments):
        if part:
            yield PrintLine("")
            yield from _rows(part, columns)
    if document.loyalty:
        yield _rule(columns)
        yield from _rows(document.loyalty, columns)


def in_characters(document: ReceiptDocument, written: Callable[[str], str]) -> ReceiptDocument:
    """The document with every text as the printer can write it; the address in the QR code stays."""
    changed = {
        each.name: _written(getattr(document, each.name), written)
        for each in fields(document)
        if each.name not in ("member_link", "language")
    }
    return replace(document, **changed)


def _written(value: Any, written: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return written(value)
    if isinstance(value, tuple):
        return tuple(_written(each, written) for each in value)
    if isinstance(value, Row):
        notes = tuple(written(note) for note in value.notes)
        return replace(value, text=written(value.text), amount=written(value.amount), notes=notes)
    return value


def closing_lines(document: ReceiptDocument, columns: int) -> Iterator[PrintLine]:
    """What stands below the QR code."""
    for line in document.closing:
        yield from centred(line, columns)
    if document.training:
        yield from centred(document.training, columns, is_bold=True, is_inverse=True)


def _rows(rows: Iterable[Row], columns: int) -> Iterator[PrintLine]:
    for row in rows:
        texts = _pair(row.text, row.amount, columns)
        yield from (PrintLine(text, is_bold=row.is_strong) for text in texts)
        for note in row.notes:
            yield from (
                PrintLine(part)
                for part in _wrapped(note, columns, initial_indent=_INDENT, subsequent_indent=_INDENT)
            )


def _pair(text: str, amount: str, columns: int) -> list[str]:
    """The text wrapped, with the amount at the right end of its last line."""
    if not amount:
        return _wrapped(text, columns)
    room = columns - len(amount) - _GAP
    if room < columns // 3:
        return [*_wrapped(text, columns), *(part.rjust(columns) for part in _wrapped(amount, columns))]
    lines = _wrapped(text, room)
    lines[-1] = lines[-1].ljust(room + _GAP) + amount
    return lines


def centred(text: str, columns: int, **looks: bool) -> Iterator[PrintLine]:
    for part in _wrapped(text, columns):
        yield PrintLine(part, align="center", **looks)


def _wrapped(text: str, columns: int, **indents: str) -> list[str]:
    return textwrap.wrap(text, columns, break_on_hyphens=False, **indents) or [""]  # type: ignore[arg-type]


def _rule(columns: int) -> PrintLine:
    return PrintLine("-" * columns)
