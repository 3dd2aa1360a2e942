"""Sheets that people bring: rows of text, read once from front to back."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, Protocol

from loyalty.errors import LoyaltyError


class SheetFault(StrEnum):
    """Why a file cannot be taken as a sheet. Parameters in brackets."""

    EMPTY = "empty"
    NO_ROWS = "no_rows"
    """A heading and nothing below it."""
    NOT_A_SHEET = "not_a_sheet"
    """A picture, a document, a program."""
    OLD_OR_PROTECTED = "old_or_protected"
    """The format before 2007, or a password on it."""
    DAMAGED = "damaged"
    MACROS = "macros"
    EXTERNAL_LINKS = "external_links"
    """It fetches values from other files."""
    QUOTES = "quotes"
    """[line]: a quotation mark opened there is not closed as it should be."""
    TOO_LARGE = "too_large"
    """[max_mib]"""
    TOO_MANY_ROWS = "too_many_rows"
    """[max]"""
    TOO_MANY_COLUMNS = "too_many_columns"
    """[line, max]"""
    CELL_TOO_LONG = "cell_too_long"
    """[line, max]"""


class SheetError(LoyaltyError):
    """A file is no sheet that can be read; ``fault`` says why, ``fields`` where."""

    code: ClassVar[str] = "loyalty.sheet"

    def __init__(self, fault: SheetFault, **fields: int) -> None:
        where = ", ".join(f"{name} {number}" for name, number in fields.items())
        said = fault.value.replace("_", " ") + (f" ({where})" if where else "")
        super().__init__(f"the sheet cannot be read: {said}", fault=fault.value, **fields)
        self.fault = fault
        self.params = fields


@dataclass(frozen=True, slots=True)
class SheetLimits:
    """How much a sheet may hold; what is beyond is refused before it is in memory."""

    max_bytes: int = 50 * 1024 * 1024
    max_unpacked_bytes: int = 400 * 1024 * 1024
    """Of an XLSX, which is a ZIP archive."""
    max_rows: int = 500_000
    max_columns: int = 200
    max_cell_chars: int = 8_000


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row that is not empty. ``line`` is what a spreadsheet or an editor shows beside it, from 1."""

    line: int
    cells: tuple[str, ...]
    """Text of every cell; empty where nothing stands. As many as the row has."""


class SheetOpener(Protocol):
    """Opens a file as a sheet, whatever it is called."""

    def __call__(self, path: Path, limits: SheetLimits | None = None, /) -> "AbstractContextManager[Sheet]":
        """Open it.

        Raises:
            SheetError: It is none that can be read; why.
        """


Cell = str | int | None
"""Text, a figure, or nothing."""


class SheetWriter(Protocol):
    """Writes tables that spreadsheets open as text and figures, never as formulas."""

    def csv(
        self, head: Sequence[str], rows: Iterable[Sequence[Cell]], separator: str = ",", /
    ) -> Iterator[str]:
        """The file piece by piece."""

    def xlsx(
        self,
        path: Path,
        title: str,
        head: Sequence[str],
        rows: Iterable[Sequence[Cell]],
        blank_rows: int = 0,
        /,
    ) -> None:
        """The whole file; so many further rows are made ready for text."""


class Sheet(Protocol):
    """An open sheet. One thread; read from front to back, once."""

    @property
    def header(self) -> tuple[str, ...]:
        """The first row that is not empty."""

    @property
    def name(self) -> str:
        """What the sheet is called in its workbook; empty where the file is one sheet without a name."""

    @property
    def left_out(self) -> tuple[str, ...]:
        """Other sheets of the workbook that hold rows, by their names; they are not read."""

    def rows(self) -> Iterator[SheetRow]:
        """What stands below the header, empty rows left out.

        Raises:
            SheetError: The rest of the file cannot be read.
        """
