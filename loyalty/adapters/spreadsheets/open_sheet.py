"""Opens a file as what it is, whatever it is called."""

from pathlib import Path
from typing import TYPE_CHECKING

from loyalty.adapters.spreadsheets.csv_sheet import CsvSheet
from loyalty.adapters.spreadsheets.xlsx_archive import OLE_START, ZIP_START
from loyalty.ports.sheets import SheetError, SheetFault, SheetLimits

if TYPE_CHECKING:
    from loyalty.adapters.spreadsheets.xlsx_sheet import XlsxSheet

_MIB = 1024 * 1024
_NO_TEXT = (
    b"%PDF",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"\x7fELF",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"MZ\x90",
)


def open_sheet(path: Path, limits: SheetLimits | None = None) -> "CsvSheet | XlsxSheet":
    """The sheet in a file, to be used in a ``with``.

    Raises:
        SheetError: It is none that can be read; why.
    """
    limits = limits or SheetLimits()
    if path.stat().st_size > limits.max_bytes:
        raise SheetError(SheetFault.TOO_LARGE, max_mib=limits.max_bytes // _MIB)
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(ZIP_START):
        # Megabytes of a library that most stations need on one day of a year.
        from loyalty.adapters.spreadsheets.xlsx_sheet import XlsxSheet  # noqa: PLC0415

        return XlsxSheet(path, limits)
    if start.startswith(OLE_START):
        raise SheetError(SheetFault.OLD_OR_PROTECTED)
    if start.startswith(_NO_TEXT):
        raise SheetError(SheetFault.NOT_A_SHEET)
    return CsvSheet(path, limits)
