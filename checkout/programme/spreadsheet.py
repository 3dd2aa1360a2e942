"""Tables as CSV that a spreadsheet opens as text and figures, never as formulas (row 209)."""

import csv
import io
from collections.abc import Iterable, Sequence

from loyalty.domain.formula_safety import guarded
from loyalty.domain.text import clean_line

Cell = str | int | None
_MAX_CELL_CHARS = 1_000


def csv_text(head: Sequence[str], rows: Iterable[Sequence[Cell]], language: str) -> str:
    """The table with a byte order mark; French spreadsheets expect semicolons between the cells."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, delimiter="," if language == "en" else ";", lineterminator="\r\n")
    writer.writerow([_safe(cell) for cell in head])
    for row in rows:
        writer.writerow([_safe(cell) for cell in row])
    return out.getvalue()


def _safe(cell: Cell) -> Cell:
    """A text that begins like a formula gets an apostrophe in front; figures stay figures."""
    if cell is None:
        return ""
    if isinstance(cell, int):
        return cell
    return guarded(clean_line(cell, _MAX_CELL_CHARS) or "")
