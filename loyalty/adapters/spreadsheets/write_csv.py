"""Tables as CSV that a spreadsheet opens as text and figures, never as formulas (row 209)."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from loyalty.domain.formula_safety import guarded
from loyalty.domain.text import without_controls
from loyalty.ports.sheets import Cell

BYTE_ORDER_MARK = "\ufeff"
"""Without it spreadsheets take UTF-8 for the machine's old encoding."""
_CHUNK_CHARS = 64 * 1024


def csv_chunks(head: Sequence[str], rows: Iterable[Sequence[Cell]], separator: str = ",") -> Iterator[str]:
    """The file piece by piece, with its byte order mark; memory does not grow with the rows.

    Args:
        head: First row.
        rows: Texts are guarded against being run; figures stay figures.
        separator: French spreadsheets expect a semicolon.
    """
    out = io.StringIO()
    out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    writer.writerow([_text(name) for name in head])
    for row in rows:
        writer.writerow([_text(cell) if isinstance(cell, str) else cell for cell in row])
        if out.tell() >= _CHUNK_CHARS:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def _text(cell: str) -> str:
    return guarded(without_controls(cell))
