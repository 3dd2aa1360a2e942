"""Writes CSV and XLSX; see ``loyalty.ports.sheets.SheetWriter``."""

from loyalty.adapters.spreadsheets.write_csv import csv_chunks
from loyalty.adapters.spreadsheets.write_xlsx import write_xlsx


class SpreadsheetWriter:
    """Both formats."""

    csv = staticmethod(csv_chunks)
    xlsx = staticmethod(write_xlsx)
