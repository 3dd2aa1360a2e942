"""Files between the reading process and the station: one JSON value a line, in UTF-8.

``rows.jsonl`` holds the cells of the sheet, ``prepared.jsonl`` what they mean or why they mean nothing.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from checkout.errors import ImportFileError
from loyalty.domain.importing.reasons import CellFault, CellReason
from loyalty.domain.importing.rows import FailedRow, ImportRow
from loyalty.services.import_rows import PreparedRows

ROWS_FILE, PREPARED_FILE, SUMMARY_FILE = "rows.jsonl", "prepared.jsonl", "summary.json"


def cells_line(line: int, cells: tuple[str, ...]) -> str:
    return json.dumps([line, cells], ensure_ascii=False) + "\n"


def read_cells(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Every row of the sheet with its line.

    Raises:
        ImportFileError: The file is gone or broken.
    """
    try:
        with path.open(encoding="utf-8") as file:
            for text in file:
                line, cells = json.loads(text)
                yield line, cells
    except (OSError, ValueError) as error:
        raise ImportFileError("the rows of the import cannot be read") from error


def prepared_line(row: ImportRow | FailedRow) -> str:
    if isinstance(row, ImportRow):
        return json.dumps([row.line, row.values], ensure_ascii=False) + "\n"
    faults = [[each.reason, each.column, each.target, dict(each.params)] for each in row.faults]
    return json.dumps([row.line, None, faults], ensure_ascii=False) + "\n"


def read_prepared(path: Path, position: int, count: int) -> PreparedRows:
    """The next rows from a byte on.

    Raises:
        ImportFileError: The file is gone or broken.
    """
    rows = []
    try:
        with path.open("rb") as file:
            file.seek(position)
            for _ in range(count):
                text = file.readline()
                if not text:
                    break
                rows.append(_row(json.loads(text)))
            return PreparedRows(rows, file.tell())
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise ImportFileError("the prepared rows of the import cannot be read") from error


def _row(value: list[Any]) -> ImportRow | FailedRow:
    if value[1] is not None:
        return ImportRow(value[0], value[1])
    faults = (
        CellFault(CellReason(reason), column, target, params) for reason, column, target, params in value[2]
    )
    return FailedRow(value[0], tuple(faults))
