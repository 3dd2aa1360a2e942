"""XLSX files, read row by row."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml import DefusedXmlException
from openpyxl.utils.exceptions import InvalidFileException

from loyalty.adapters.spreadsheets.opened_sheet import OpenedSheet
from loyalty.adapters.spreadsheets.xlsx_archive import check_archive
from loyalty.adapters.spreadsheets.xlsx_cells import text_of
from loyalty.domain.formula_safety import unguarded_cell
from loyalty.ports.sheets import SheetError, SheetFault, SheetLimits, SheetRow

_BROKEN = (
    InvalidFileException,
    DefusedXmlException,
    ParseError,
    zipfile.BadZipFile,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    TypeError,
    ValueError,
)
"""What openpyxl lets through from a file that is not as it should be."""


class XlsxSheet(OpenedSheet):
    """The first visible sheet of a workbook; see ``loyalty.ports.sheets.Sheet``. A context manager.

    Raises:
        SheetError: It is refused, or there is no header.
    """

    def __init__(self, path: Path, limits: SheetLimits) -> None:
        check_archive(path, limits)
        self._limits = limits
        self._book: Any = None
        self._file = path.open("rb")  # ours to close, whatever the library leaves open
        try:
            self._book = openpyxl.load_workbook(self._file, read_only=True, data_only=True, keep_links=False)
            self._sheet = self._first_visible()
        except _BROKEN as error:
            self._close()
            raise SheetError(SheetFault.DAMAGED) from error
        self._begin(self._read())

    def _first_visible(self) -> Any:
        sheets = [each for each in self._book.worksheets if each.sheet_state == "visible"]
        sheet = (sheets or self._book.worksheets)[0]
        sheet.reset_dimensions()  # what a file says of its own size is not believed
        return sheet

    def _close(self) -> None:
        if self._book is not None:
            self._book.close()
        self._file.close()

    def _read(self) -> Iterator[SheetRow]:
        rows = iter(self._sheet.iter_rows())
        line = count = 0
        while True:
            line += 1
            try:
                cells = next(rows, None)
            except _BROKEN as error:
                raise SheetError(SheetFault.DAMAGED) from error
            if cells is None:
                return
            if line > self._limits.max_rows * 2:
                raise SheetError(SheetFault.TOO_MANY_ROWS, max=self._limits.max_rows)
            row = self._texts(cells, line)
            if any(row):
                count += 1
                if count > self._limits.max_rows + 1:
                    raise SheetError(SheetFault.TOO_MANY_ROWS, max=self._limits.max_rows)
                yield SheetRow(line, row)

    def _texts(self, cells: Any, line: int) -> tuple[str, ...]:
        limits = self._limits
        try:
            texts = [
                ""
                if cell.value is None
                else text_of(cell.value, cell.number_format if cell.data_type == "n" else None)
                for cell in cells
            ]
        except _BROKEN as error:
            raise SheetError(SheetFault.DAMAGED) from error
        while texts and not texts[-1].strip():
            texts.pop()
        if len(texts) > limits.max_columns:
            raise SheetError(SheetFault.TOO_MANY_COLUMNS, line=line, max=limits.max_columns)
        if any(len(text) > limits.max_cell_chars for text in texts):
            raise SheetError(SheetFault.CELL_TOO_LONG, line=line, max=limits.max_cell_chars)
        return tuple(unguarded_cell(text) for text in texts)
