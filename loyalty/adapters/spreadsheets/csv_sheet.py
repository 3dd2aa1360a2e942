"""CSV files in whatever encoding and with whatever separator a spreadsheet writes them."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from loyalty.adapters.spreadsheets.encodings import encoding_of
from loyalty.adapters.spreadsheets.opened_sheet import OpenedSheet
from loyalty.domain.formula_safety import unguarded
from loyalty.ports.sheets import SheetError, SheetFault, SheetLimits, SheetRow

_SEPARATORS = (",", ";", "\t", "|")
_LOOKED_AT_ROWS = 30
_LOOKED_AT_CHARS = 64 * 1024


class CsvSheet(OpenedSheet):
    """See ``loyalty.ports.sheets.Sheet``; a context manager.

    Args:
        path: The file.
        limits: What is refused.

    Raises:
        SheetError: There is no header that could be read.
    """

    def __init__(self, path: Path, limits: SheetLimits) -> None:
        self._limits = limits
        self.encoding = encoding_of(path)
        with path.open(encoding=self.encoding, errors="replace", newline="") as file:
            start = file.read(_LOOKED_AT_CHARS)
        self.separator = _separator(start)
        self._file: IO[str] = path.open(encoding=self.encoding, errors="replace", newline="")
        if start[:4].lower() == "sep=":
            self._file.readline()
        self._lines_before = 1 if start[:4].lower() == "sep=" else 0
        self._begin(self._read())

    def _close(self) -> None:
        self._file.close()

    def _read(self) -> Iterator[SheetRow]:
        limits = self._limits
        lines = _Lines(self._file, limits, self._lines_before)
        reader = csv.reader(lines, delimiter=self.separator, strict=True)
        count = 0
        while True:
            line = lines.number + 1
            try:
                raw = next(reader, None)
            except csv.Error as error:
                is_long = line == lines.number and "limit" in str(error)
                raise self._unread(line, is_quoted=not is_long) from error
            if raw is None:
                return
            if len(raw) > limits.max_columns and any(raw[limits.max_columns :]):
                raise SheetError(SheetFault.TOO_MANY_COLUMNS, line=line, max=limits.max_columns)
            if not any(cell and not cell.isspace() for cell in raw):
                continue
            count += 1
            if count > limits.max_rows + 1:
                raise SheetError(SheetFault.TOO_MANY_ROWS, max=limits.max_rows)
            cells = tuple(unguarded(cell) for cell in raw[: limits.max_columns])
            if max(map(len, cells)) > limits.max_cell_chars:
                raise self._unread(line, is_quoted=line != lines.number)
            yield SheetRow(line, cells)

    def _unread(self, line: int, *, is_quoted: bool) -> SheetError:
        """A cell that takes in line after line was opened by a quotation mark that nobody closed."""
        if is_quoted:
            return SheetError(SheetFault.QUOTES, line=line)
        return SheetError(SheetFault.CELL_TOO_LONG, line=line, max=self._limits.max_cell_chars)


class _Lines:
    """Counts the lines of a text file; one longer than any row that is taken is refused before it is read."""

    def __init__(self, file: IO[str], limits: SheetLimits, number: int) -> None:
        self._file = file
        self._max_chars = limits.max_cell_chars * 50
        self._limits = limits
        self.number = number

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._file.readline(self._max_chars)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) >= self._max_chars:
            raise self._too_long(line)
        return line.replace("\0", "") if "\0" in line else line

    def _too_long(self, line: str) -> SheetError:
        cells = max(line.count(separator) for separator in _SEPARATORS)
        if cells > self._limits.max_columns:
            return SheetError(SheetFault.TOO_MANY_COLUMNS, line=self.number, max=self._limits.max_columns)
        return SheetError(SheetFault.CELL_TOO_LONG, line=self.number, max=self._limits.max_cell_chars)


def _separator(start: str) -> str:
    """The separator that gives the most rows of one width, the widest where several do."""
    if start[:4].lower() == "sep=" and len(start) > 4 and start[4] in _SEPARATORS:
        return start[4]
    return max(_SEPARATORS, key=lambda separator: _evenness(start, separator))


def _evenness(start: str, separator: str) -> tuple[int, int]:
    """How many rows are of the usual width, less those that are quoted wrongly; and that width."""
    widths: list[int] = []
    misquoted = 0
    lines = start.splitlines(keepends=True)
    reader = csv.reader(lines, delimiter=separator)
    begun = 0
    try:
        for row in reader:
            if row:
                widths.append(len(row))
                misquoted += _is_misquoted(row, lines[begun : reader.line_num])
            begun = reader.line_num
            if len(widths) >= _LOOKED_AT_ROWS:
                break
    except csv.Error:
        pass  # the rows before it tell enough; where it matters it is found when they are read
    wide = [width for width in widths if width > 1]
    if not wide:
        return (0, 0)
    usual = max(wide, key=lambda width: (wide.count(width), width))  # a title may stand above the table
    return (max(0, wide.count(usual) - misquoted), usual)


def _is_misquoted(row: list[str], lines: list[str]) -> bool:
    """Whether a cell holds a quotation mark that was not written as two, within two more.

    So it is where a wrong separator tears quoted cells.
    """
    marks = [cell.count('"') for cell in row]
    return sum(2 * count + 2 for count in marks if count) > sum(line.count('"') for line in lines)
