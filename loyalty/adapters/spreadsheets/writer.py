"""Writes CSV and XLSX; see ``loyalty.ports.sheets.SheetWriter``."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from loyalty.adapters.spreadsheets.write_csv import csv_chunks
from loyalty.ports.sheets import Cell


class SpreadsheetWriter:
    """Both formats."""

    csv = staticmethod(csv_chunks)

    @staticmethod
    def xlsx(
        path: Path, title: str, head: Sequence[str], rows: Iterable[Sequence[Cell]], blank_rows: int = 0
    ) -> None:
        # Megabytes of a library for whoever wants this format.
        from loyalty.adapters.spreadsheets.write_xlsx import write_xlsx  # noqa: PLC0415

        write_xlsx(path, title, head, rows, blank_rows)
