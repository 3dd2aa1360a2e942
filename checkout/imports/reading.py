"""The work of the reading process: takes a sheet apart, then reads its cells as a plan says."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from checkout.imports.prepared import cells_line, prepared_line, read_cells
from loyalty.domain.custom_field import CustomField
from loyalty.domain.importing.cells import CellContext
from loyalty.domain.importing.matching import keys_of
from loyalty.domain.importing.plan import ImportPlan
from loyalty.domain.importing.record import SheetSummary
from loyalty.domain.importing.rows import ImportRow, RowReader
from loyalty.ports.sheets import Sheet, SheetError, SheetFault

_SAMPLE_ROWS = 20
_SAMPLE_CHARS = 60


@dataclass(frozen=True)
class CheckOrder:
    """How the rows are to be read; goes to the reading process as JSON."""

    plan: ImportPlan
    context: CellContext
    custom_fields: tuple[CustomField, ...]


CHECK_ORDER = TypeAdapter(CheckOrder)


def take_apart(sheet: Sheet, rows_path: Path) -> SheetSummary:
    """Write the cells of every row; what the sheet looks like.

    Raises:
        SheetError: The sheet cannot be read to its end, or has no row below the heading.
    """
    sample: list[tuple[str, ...]] = []
    count = 0
    width = len(sheet.header)
    with rows_path.open("w", encoding="utf-8") as file:
        for row in sheet.rows():
            file.write(cells_line(row.line, row.cells))
            count += 1
            width = max(width, len(row.cells))
            if len(sample) < _SAMPLE_ROWS:
                sample.append(row.cells)
    if count == 0:
        raise SheetError(SheetFault.NO_ROWS)
    used = [column for column in range(width) if _is_used(column, sheet.header, sample)]
    width = max(used, default=0) + 1
    return SheetSummary(
        header=_padded(sheet.header, width), sample=tuple(_padded(row, width) for row in sample), rows=count
    )


def prepare(rows_path: Path, prepared_path: Path, order: CheckOrder) -> frozenset[str]:
    """Write what every row means; the keys that several rows bear.

    Raises:
        ImportFileError: The rows are gone.
    """
    reader = RowReader(order.plan, order.context, {each.id: each for each in order.custom_fields})
    seen: set[int] = set()
    repeated: set[str] = set()
    with prepared_path.open("w", encoding="utf-8") as file:
        for line, cells in read_cells(rows_path):
            row = reader.read(line, cells)
            file.write(prepared_line(row))
            if isinstance(row, ImportRow):
                _note_keys(keys_of(row), seen, repeated)
    return frozenset(repeated)


def _note_keys(keys: Iterable[str], seen: set[int], repeated: set[str]) -> None:
    for key in keys:
        mark = hash(key)  # half the memory of the text; two that share one cost a look, no more
        if mark in seen:
            repeated.add(key)
        seen.add(mark)


def _is_used(column: int, header: tuple[str, ...], sample: Iterable[tuple[str, ...]]) -> bool:
    rows: Iterator[tuple[str, ...]] = chain([header], sample)
    return any(column < len(row) and row[column].strip() for row in rows)


def _padded(row: tuple[str, ...], width: int) -> tuple[str, ...]:
    return tuple(cell[:_SAMPLE_CHARS] for cell in (*row, *[""] * (width - len(row)))[:width])


SHEET_SUMMARY = TypeAdapter(SheetSummary)


def fault_of(error: SheetError) -> dict[str, Any]:
    return {"fault": error.fault.value, **error.params}


def write_answer(path: Path, answer: Mapping[str, Any]) -> None:
    """Whole or not at all."""
    part = path.with_suffix(".part")
    part.write_text(json.dumps(answer), encoding="utf-8")
    part.replace(path)
