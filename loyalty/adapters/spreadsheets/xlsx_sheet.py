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


_COLUMNS_OF_A_TABLE = 2
"""A cover, a legend or a title fills one."""
_LOOKED_AT_ROWS, _LOOKED_AT_COLUMNS = 50, 50
_MOST_SHEETS = 50


class XlsxSheet(OpenedSheet):
    """The first visible sheet of a workbook that is a table, or else the first. A context manager.

    See ``loyalty.ports.sheets.Sheet``.

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
            sheets = self._visible()
            self._sheet = next((each for each in sheets if _columns(each) >= _COLUMNS_OF_A_TABLE), sheets[0])
        except _BROKEN as error:
            self._close()
            raise SheetError(SheetFault.DAMAGED) from error
        self.name = str(self._sheet.title)
        others = [each for each in sheets if each is not self._sheet]
        self.left_out = tuple(str(each.title) for each in others if _holds_rows(each))
        self._begin(self._read())

    def _visible(self) -> list[Any]:
        every = self._book.worksheets
        sheets = [each for each in every if each.sheet_state == "visible"] or every[:1]
        for sheet in sheets:
            sheet.reset_dimensions()  # what a file says of its own size is not believed
        return sheets[:_MOST_SHEETS] or [every[0]]

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


def _columns(sheet: Any) -> int:
    """How many columns the first rows of a sheet fill."""
    rows = sheet.iter_rows(max_row=_LOOKED_AT_ROWS, max_col=_LOOKED_AT_COLUMNS, values_only=True)
    filled = {
        column for row in rows for column, value in enumerate(row) if value is not None and str(value).strip()
    }
    return len(filled)


def _holds_rows(sheet: Any) -> bool:
    """A sheet that cannot be read holds none that could be told."""
    try:
        return _columns(sheet) > 0
    except _BROKEN:
        return False
