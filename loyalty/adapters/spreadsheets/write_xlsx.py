"""Tables as XLSX: every text is a text cell, so that leading zeros stay and nothing is run (row 209, X10)."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from loyalty.domain.formula_safety import guarded_cell
from loyalty.domain.text import without_controls
from loyalty.ports.sheets import Cell

_MAX_CELL_CHARS = 32_767  # what the format allows
_COLUMN_WIDTH = 20


def write_xlsx(
    path: Path, title: str, head: Sequence[str], rows: Iterable[Sequence[Cell]], blank_rows: int = 0
) -> None:
    """Write the table row by row.

    Args:
        path: File to write.
        title: Name of the sheet, at most 31 characters.
        head: First row, which stays in view.
        rows: Texts and figures.
        blank_rows: So many further rows are made ready for text: what is typed there keeps its zeros.
    """
    book = openpyxl.Workbook(write_only=True)
    sheet: Any = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for column in range(1, len(head) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = _COLUMN_WIDTH
    sheet.append([_cell(sheet, name, Font(bold=True)) for name in head])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    for _ in range(blank_rows):
        sheet.append([_cell(sheet, "") for _ in head])
    book.save(path)


def _cell(sheet: Any, value: Cell, font: Font | None = None) -> Any:
    if value is None:
        return None
    cell: Any = WriteOnlyCell(sheet)
    if isinstance(value, int):
        cell.value = value
    else:
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", guarded_cell(without_controls(value)))[:_MAX_CELL_CHARS]
        cell.data_type = "s"  # else "=…" would be a formula
        cell.number_format = "@"
    if font is not None:
        cell.font = font
    return cell
