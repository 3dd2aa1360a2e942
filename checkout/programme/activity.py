"""The activity report: what was booked, by day, member, kind and lane, each with its why (row 126)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from loyalty.domain.calendar import local_date, start_of_day
from loyalty.domain.ledger import EntryKind
from loyalty.domain.reports.points import PointFigures, figures_of_kinds
from loyalty.ports.reports import LedgerRow
from loyalty.ports.unit_of_work import UnitOfWork

MAX_DAYS = 366
PAGE = 50
_CHUNK = 500
MAX_ROWS = 50_000
"""More are not added up or exported at once; the page says so."""


class GroupBy(StrEnum):
    """By what the entries are added up."""

    NONE = "none"
    DAY = "day"
    MEMBER = "member"
    KIND = "kind"
    LANE = "lane"


@dataclass(frozen=True)
class ActivityFilter:
    """Which entries: days of the shop, both included."""

    first_day: date
    last_day: date
    kinds: tuple[EntryKind, ...] = ()
    customer_id: UUID | None = None
    lane_id: UUID | None = None
    group_by: GroupBy = GroupBy.NONE

    def bounds(self, timezone: str) -> tuple[datetime, datetime]:
        return (
            start_of_day(self.first_day, timezone),
            start_of_day(self.last_day + timedelta(days=1), timezone),
        )


@dataclass(frozen=True)
class ActivityPage:
    """Entries of one page, oldest first, and where the next page begins."""

    rows: tuple[LedgerRow, ...]
    following: tuple[datetime, UUID] | None


@dataclass(frozen=True)
class Total:
    """Entries added up: the key is a day, a customer's id, a kind or a lane's id (None: no lane)."""

    key: date | UUID | EntryKind | None
    entries: int
    figures: PointFigures
    sample: LedgerRow


@dataclass
class _Sum:
    sample: LedgerRow
    entries: int = 0
    points: dict[EntryKind, int] = field(default_factory=lambda: defaultdict(int))


def activity_page(
    unit: UnitOfWork, wanted: ActivityFilter, timezone: str, after: tuple[datetime, UUID] | None
) -> ActivityPage:
    """One page of entries."""
    rows: list[LedgerRow] = []
    for row in _rows(unit, wanted, timezone, after):
        if len(rows) == PAGE:
            last = rows[-1].entry
            return ActivityPage(tuple(rows), (last.booked_at, last.id))
        rows.append(row)
    return ActivityPage(tuple(rows), None)


def all_rows(unit: UnitOfWork, wanted: ActivityFilter, timezone: str) -> Iterator[LedgerRow]:
    """All entries, at most ``MAX_ROWS``."""
    for count, row in enumerate(_rows(unit, wanted, timezone, None)):
        if count == MAX_ROWS:
            return
        yield row


def totals(unit: UnitOfWork, wanted: ActivityFilter, timezone: str) -> tuple[Total, ...]:
    """The entries added up by what the filter says: days by date, all else by points issued."""
    sums: dict[date | UUID | EntryKind | None, _Sum] = {}
    for row in all_rows(unit, wanted, timezone):
        found = sums.setdefault(_key(row, wanted.group_by, timezone), _Sum(row))
        found.entries += 1
        found.points[row.entry.kind] += row.entry.points
    added = [
        Total(key, each.entries, figures_of_kinds(each.points), each.sample) for key, each in sums.items()
    ]
    if wanted.group_by is GroupBy.DAY:
        return tuple(added)
    return tuple(sorted(added, key=lambda total: (-total.figures.issued, -total.entries)))


def _key(row: LedgerRow, group_by: GroupBy, timezone: str) -> date | UUID | EntryKind | None:
    if group_by is GroupBy.DAY:
        return local_date(row.entry.booked_at, timezone)
    if group_by is GroupBy.MEMBER:
        return row.customer_id
    return row.lane_id if group_by is GroupBy.LANE else row.entry.kind


def _rows(
    unit: UnitOfWork, wanted: ActivityFilter, timezone: str, after: tuple[datetime, UUID] | None
) -> Iterator[LedgerRow]:
    start, end = wanted.bounds(timezone)
    while True:
        chunk: Sequence[LedgerRow] = unit.reports.ledger_rows(
            start, end, kinds=wanted.kinds, customer_id=wanted.customer_id, after=after, limit=_CHUNK
        )
        yield from (row for row in chunk if wanted.lane_id is None or row.lane_id == wanted.lane_id)
        if len(chunk) < _CHUNK:
            return
        last = chunk[-1].entry
        after = (last.booked_at, last.id)
