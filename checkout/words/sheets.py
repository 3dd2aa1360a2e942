"""Why a file could not be taken as a sheet, in words."""

from collections.abc import Mapping

from checkout.words.catalogue import Words
from loyalty.ports.sheets import SheetError, SheetFault

SHEET_FAULTS: Mapping[SheetFault, str] = {
    SheetFault.EMPTY: "The file is empty",
    SheetFault.NO_ROWS: "The file has a heading and nothing below it",
    SheetFault.NOT_A_SHEET: "This is no table: save it as CSV or XLSX",
    SheetFault.OLD_OR_PROTECTED: "The file is old or has a password: save it as CSV or XLSX without one",
    SheetFault.DAMAGED: "The file is damaged",
    SheetFault.MACROS: "The file holds macros: save it as CSV or plain XLSX",
    SheetFault.EXTERNAL_LINKS: "The file takes values from other files: save it as CSV",
}
"""Those that need no figures."""


def sheet_fault_text(words: Words, error: SheetError) -> str:
    """One sentence."""
    source = SHEET_FAULTS.get(error.fault)
    if source is not None:
        return words.text(source)
    line, most = error.params.get("line", 0), error.params.get("max", error.params.get("max_mib", 0))
    if error.fault is SheetFault.QUOTES:
        return words.text("In line {line} a quotation mark is not closed", line=line)
    if error.fault is SheetFault.CELL_TOO_LONG:
        return words.text("In line {line} a cell is longer than {max} characters", line=line, max=most)
    if error.fault is SheetFault.TOO_LARGE:
        return words.text("The file is larger than {max} MiB", max=most)
    if error.fault is SheetFault.TOO_MANY_ROWS:
        return words.text("The file has more than {max} rows", max=most)
    return words.text("The file has more than {max} columns", max=most)
