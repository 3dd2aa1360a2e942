"""The work of the reading process: takes a sheet apart, then reads its cells as a plan says."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from checkout.imports.prepared import cells_line, prepared_line, read_cells
from loyalty.domain.custom_field import CustomField
from loyalty.domain.importing.cells import CellContext
from loyalty.domain.importing.dates import DateOrder, order_of
from loyalty.domain.importing.fields import ImportField
from loyalty.domain.importing.headers import guess_targets, heading_row
from loyalty.domain.importing.matching import keys_of
from loyalty.domain.importing.plan import ImportPlan
from loyalty.domain.importing.record import SheetSummary
from loyalty.domain.importing.rows import ImportRow, RowReader
from loyalty.ports.sheets import Sheet, SheetError, SheetFault, SheetRow

_SAMPLE_ROWS = 20
_SAMPLE_CHARS = 60
_LOOKED_AT_FIRST = 9
"""Rows below the first one among which the headings are looked for."""
_FEWEST_FOR_A_COLUMN = 3
"""Rows that fill a column without a heading: one or two are shifted by a separator, as likely as not."""
_DATES = frozenset(
    {ImportField.BIRTHDAY, ImportField.ENROLLED_AT, ImportField.FIRST_VISIT, ImportField.LAST_VISIT}
)


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
    first = [SheetRow(1, sheet.header), *islice(sheet.rows(), _LOOKED_AT_FIRST)]
    place = heading_row([row.cells for row in first])
    header = first[place].cells if place >= 0 else ()
    sample: list[tuple[str, ...]] = []
    count, columns = 0, _Columns(header)
    dates = _DateColumns(header)
    with rows_path.open("w", encoding="utf-8") as file:
        for row in chain(first[place + 1 :], sheet.rows()):
            file.write(cells_line(row.line, row.cells))
            count += 1
            columns.see(row.cells)
            dates.see(row.cells)
            if len(sample) < _SAMPLE_ROWS:
                sample.append(row.cells)
    if count == 0:
        raise SheetError(SheetFault.NO_ROWS)
    width = columns.width(count)
    return SheetSummary(
        header=_padded(header, width),
        sample=tuple(_padded(row, width) for row in sample),
        rows=count,
        above=max(place, 0),
        name=sheet.name,
        left_out=sheet.left_out,
        date_order=dates.order,
    )


class _Columns:
    """Tells how wide the table is: cells beyond it come of a separator inside a cell, and no column has them.

    Without headings the widest row says it. A column without a heading at the end is one where
    every second row fills it, and more than a few do.

    Args:
        header: The headings; empty where there are none.
    """

    def __init__(self, header: Sequence[str]) -> None:
        self._headed = _filled_width(header)
        self._filled: Counter[int] = Counter()

    def see(self, cells: Sequence[str]) -> None:
        if len(cells) > self._headed:
            self._filled.update(column for column in range(self._headed, len(cells)) if cells[column].strip())

    def width(self, rows: int) -> int:
        least = max(rows / 2, _FEWEST_FOR_A_COLUMN) if self._headed else 0
        further = (column + 1 for column, filled in self._filled.items() if filled >= least)
        return max(further, default=max(self._headed, 1))


def _filled_width(cells: Sequence[str]) -> int:
    return max((column + 1 for column, cell in enumerate(cells) if cell.strip()), default=0)


class _DateColumns:
    """Tells from all rows whether the day or the month comes first: many dates can be read both ways.

    Args:
        header: The headings; columns that they call dates are looked at.
    """

    def __init__(self, header: Sequence[str]) -> None:
        targets = guess_targets(header)
        self._columns = [column for column, target in enumerate(targets) if target in _DATES]
        self._seen: Counter[DateOrder | None] = Counter()

    @property
    def order(self) -> DateOrder | None:
        """What most of the dates have that can be read one way only; None where there are as many of both."""
        days, months = self._seen[DateOrder.DAY_FIRST], self._seen[DateOrder.MONTH_FIRST]
        if days == months:
            return None
        return DateOrder.DAY_FIRST if days > months else DateOrder.MONTH_FIRST

    def see(self, cells: Sequence[str]) -> None:
        self._seen.update(
            order_of(cells[column]) for column in self._columns if column < len(cells) and cells[column]
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
