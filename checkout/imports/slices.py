"""One import's slices on the writer: rows while there is time, each slice in a transaction of its own."""

import time
from collections.abc import Callable
from pathlib import Path

from checkout.imports.prepared import read_prepared
from checkout.writer import SliceTime
from loyalty.domain.importing.record import CustomerImport
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.import_rows import DryRun, PreparedRows, check_slice, import_slice

_FEWEST, _MOST = 20, 500
"""A step costs something whatever its rows; whoever waits at a counter waits for one."""
_SHARE = 0.75
"""Of a step's time, for the rows; the rest is for the commit and for what takes longer than before."""

Step = Callable[[UnitOfWork, CustomerImport, PreparedRows], CustomerImport]


class RowSlices:
    """Work for :meth:`checkout.writer.Writer.submit_slices`.

    Args:
        record: Whose rows.
        path: Its prepared rows.
        step: What is done with some rows.
    """

    def __init__(self, record: CustomerImport, path: Path, step: Step) -> None:
        self._record = record
        self._path = path
        self._step = step
        self._count = _FEWEST

    def __call__(self, unit: UnitOfWork, time_left: SliceTime) -> bool:
        """One slice of as many steps as it has time for; whether there are more rows.

        Raises:
            ImportFileError: The prepared rows are gone.
            StorageError: The database could not take it; nothing of the slice is stored.
        """
        record = unit.imports.now(self._record)
        while record is not None and record.state is self._record.state:
            started = time.thread_time()  # the pace is ours, whatever else the machine does
            prepared = read_prepared(self._path, record.position, self._count)
            record = self._step(unit, record, prepared)
            took_s = time.thread_time() - started
            self._fit(len(prepared.rows), took_s, time_left.step_s * _SHARE)
            if time_left.is_over:
                break
        return record is not None and record.state is self._record.state

    def _fit(self, rows: int, took_s: float, aim_s: float) -> None:
        """The next step takes as many rows as this one's pace allows, at most twice as many."""
        if rows:
            fitting = int(rows * aim_s / max(took_s, 1e-6))
            self._count = max(_FEWEST, min(fitting, self._count * 2, _MOST))


def importing(record: CustomerImport, path: Path, ctx: ServiceContext) -> RowSlices:
    """Stores the rows."""
    return RowSlices(record, path, lambda unit, now, prepared: import_slice(unit, ctx, now, prepared))


def checking(record: CustomerImport, path: Path, ctx: ServiceContext, repeated: frozenset[str]) -> RowSlices:
    """Counts what they would do."""
    dry_run = DryRun(repeated)
    return RowSlices(record, path, lambda unit, now, prepared: check_slice(unit, ctx, now, prepared, dry_run))
