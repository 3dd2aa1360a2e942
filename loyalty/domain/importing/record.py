"""An import from upload to summary, and how far it got."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from loyalty.domain.importing.dates import DateOrder
from loyalty.domain.importing.plan import ImportPlan


class ImportState(StrEnum):
    """Where an import stands."""

    READING = "reading"
    """The file is being taken apart."""
    UNREADABLE = "unreadable"
    """The file is no sheet that can be taken; why stands in ``fault``."""
    MAPPING = "mapping"
    """Waits for somebody to say what the columns are."""
    CHECKING = "checking"
    """The dry run: every row is read and matched, nothing is stored."""
    CHECKED = "checked"
    """Waits for the word to begin."""
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    DROPPED = "dropped"
    """Given up before the end; what was imported stays."""


ACTIVE = frozenset({ImportState.READING, ImportState.CHECKING, ImportState.RUNNING})
"""What goes on without anybody's word."""


class PauseReason(StrEnum):
    """Why an import stands still."""

    STAFF = "staff"
    STORAGE = "storage"
    """The database could not take it: the disk is full, or the server away."""
    FILE = "file"
    """The prepared rows are gone or cannot be read."""
    CHANGED = "changed"
    """A field or a group of the plan is gone."""


@dataclass(frozen=True, slots=True)
class SheetSummary:
    """What a sheet looks like, for the mapping page."""

    header: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    """The first rows."""
    rows: int
    above: int = 0
    """Rows above the headings, which are not read: a title, the day of the export."""
    name: str = ""
    """Of the sheet in its workbook."""
    left_out: tuple[str, ...] = ()
    """Other sheets of the workbook that hold rows."""
    date_order: DateOrder | None = None
    """What the dates of the whole sheet have first; None where all of them can be read both ways."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows so far. ``matched`` ones had a profile; ``changed`` are those of them that got something new."""

    done: int = 0
    imported: int = 0
    matched: int = 0
    changed: int = 0
    failed: int = 0
    points_left: int = 0
    """Rows whose points were not taken: the account had its opening balance."""


@dataclass(frozen=True, slots=True)
class CustomerImport:
    """One upload and what became of it."""

    id: UUID
    staff_id: UUID
    created_at: datetime
    file_name: str
    state: ImportState = ImportState.READING
    sheet: SheetSummary | None = None
    plan: ImportPlan | None = None
    fault: Mapping[str, int | str] = field(default_factory=dict)
    """Of an unreadable file: its ``fault`` and where; of a paused import: its ``pause``."""
    counts: Counts = Counts()
    """Of the dry run until it is checked, of the import once it runs."""
    position: int = 0
    """Byte in the prepared rows from which to go on."""
    started_at: datetime | None = None
    finished_at: datetime | None = None

    @property
    def rows(self) -> int:
        return self.sheet.rows if self.sheet is not None else 0
