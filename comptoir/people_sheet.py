"""Reads a file of people for the finder of duplicates."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import ClassVar

from comptoir.errors import CommandError
from loyalty.adapters.spreadsheets.open_sheet import open_sheet
from loyalty.domain.duplicates.fields import People
from loyalty.domain.duplicates.headings import Meaning, Special, meanings
from loyalty.domain.duplicates.table import PeopleTable
from loyalty.ports.sheets import SheetLimits

_LIMITS = SheetLimits(max_bytes=2 * 1024**3, max_rows=3_000_000)
_TOLD_EVERY = 100_000
_LOOKED_AT_FOR_HEADINGS = 9
"""Rows below the first one."""


class PeopleSheetError(CommandError):
    """A file is not there, or its headings say nothing of people."""

    code: ClassVar[str] = "duplicates.file"


@dataclass(frozen=True, slots=True)
class PeopleSheet:
    """The people of a file, and of each the line in the file and the name of the row, if the file has any."""

    people: People
    lines: list[int]
    names: list[str]


def read_people(path: Path, told: Callable[[int], None]) -> PeopleSheet:
    """Read a CSV or XLSX file; ``told`` hears now and then how many rows have been read.

    Raises:
        PeopleSheetError: There is no such file, it cannot be opened, or no heading is known.
        SheetError: It is no sheet that can be read.
    """
    try:
        return _read(path, told)
    except OSError as error:
        raise PeopleSheetError(f"cannot read {path}: {error.strerror or error}") from error


def _headings(rows: Sequence[Sequence[str]]) -> tuple[int, dict[Meaning, int]]:
    """Where the headings stand, and what they say: a title may stand above them."""
    known = [meanings(row) for row in rows]
    best = max(range(len(known)), key=lambda place: len(known[place]))
    place = best if len(known[best]) > max(2 * len(known[0]), 1) else 0
    return place, known[place]


def _read(path: Path, told: Callable[[int], None]) -> PeopleSheet:
    lines: list[int] = []
    names: list[str] = []
    with open_sheet(path, _LIMITS) as sheet:
        first = list(islice(sheet.rows(), _LOOKED_AT_FOR_HEADINGS))
        place, columns = _headings([sheet.header, *(row.cells for row in first)])
        table = PeopleTable(columns)
        if not table.fields:
            shown = ", ".join(heading[:30] for heading in sheet.header[:20])
            raise PeopleSheetError(
                f"no heading of {path.name} says what it holds of a person, such as given_name, surname,"
                f" birthday, phone, email, postcode; its headings are: {shown}"
            )
        at = columns.get(Special.ROW_NAME)
        for row in chain(first[place:], sheet.rows()):
            table.add(row.cells)
            lines.append(row.line)
            if at is not None:
                names.append(row.cells[at].strip() if at < len(row.cells) else "")
            if len(lines) % _TOLD_EVERY == 0:
                told(len(lines))
    return PeopleSheet(table.people(), lines, names)
