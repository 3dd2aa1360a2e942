"""Imports of customers and the rows of them that failed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, bindparam, delete, select, update

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.adapters.sql.prepared import Prepared
from loyalty.adapters.sql.repositories.import_likenesses import SqlImportLikenesses
from loyalty.domain.importing.likeness import ImportLikeness, LikenessCounts
from loyalty.domain.importing.plan import ImportPlan
from loyalty.domain.importing.reasons import CellFault
from loyalty.domain.importing.record import ACTIVE, Counts, CustomerImport, ImportState, SheetSummary
from loyalty.domain.importing.rows import FailedRow

_IMPORTS, _FAILURES = schema.customer_imports, schema.customer_import_failures
_SHEET = TypeAdapter(SheetSummary)
_PLAN = TypeAdapter(ImportPlan)
_FAULTS = TypeAdapter(tuple[CellFault, ...])
_PROGRESS = ("state", "position", "done", "imported", "matched", "changed", "failed", "points_left")
_NOW = Prepared(select(*(_IMPORTS.c[name] for name in _PROGRESS)).where(_IMPORTS.c.id == bindparam("of_id")))
_GO_ON = Prepared(
    update(_IMPORTS)
    .where(_IMPORTS.c.id == bindparam("of_id"))
    .values({name: bindparam(f"to_{name}") for name in (*_PROGRESS, "finished_at")})
)
_ENDED = (ImportState.FINISHED, ImportState.DROPPED, ImportState.UNREADABLE)


class SqlImportRepository:
    """See ``loyalty.ports.importing.ImportRepository``."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._likenesses = SqlImportLikenesses(transaction)

    def save(self, record: CustomerImport) -> None:
        self._transaction.upsert(_IMPORTS, _values(record))

    def get(self, import_id: UUID) -> CustomerImport | None:
        row = self._transaction.first(select(_IMPORTS).where(_IMPORTS.c.id == import_id))
        return _import(row) if row is not None else None

    def go_on(self, record: CustomerImport) -> None:
        counts = record.counts
        self._transaction.write(
            _GO_ON,
            {
                "of_id": record.id,
                "to_state": record.state.value,
                "to_position": record.position,
                "to_done": counts.done,
                "to_imported": counts.imported,
                "to_matched": counts.matched,
                "to_changed": counts.changed,
                "to_failed": counts.failed,
                "to_points_left": counts.points_left,
                "to_finished_at": record.finished_at,
            },
        )

    def now(self, record: CustomerImport) -> CustomerImport | None:
        row = self._transaction.first(_NOW, {"of_id": record.id})
        if row is None:
            return None
        counts = _counts(row)
        return replace(record, state=ImportState(row.state), counts=counts, position=row.position)

    def recent(self, limit: int) -> Sequence[CustomerImport]:
        rows = self._transaction.all(select(_IMPORTS).order_by(_IMPORTS.c.id.desc()).limit(limit))
        return [_import(row) for row in rows]

    def active(self) -> Sequence[CustomerImport]:
        states = [state.value for state in ACTIVE]
        rows = self._transaction.all(
            select(_IMPORTS).where(_IMPORTS.c.state.in_(states)).order_by(_IMPORTS.c.id)
        )
        return [_import(row) for row in rows]

    def finished_before(self, moment: datetime) -> Sequence[UUID]:
        states = [state.value for state in _ENDED]
        rows = self._transaction.all(
            select(_IMPORTS.c.id)
            .where(_IMPORTS.c.state.in_(states), _IMPORTS.c.finished_at < moment)
            .order_by(_IMPORTS.c.id)
        )
        return [row.id for row in rows]

    def add_failures(self, import_id: UUID, failed: Sequence[FailedRow]) -> None:
        self._transaction.upsert_all(
            _FAILURES,
            [
                {
                    "import_id": import_id,
                    "line": row.line,
                    "faults": _FAULTS.dump_python(row.faults, mode="json"),
                }
                for row in failed
            ],
        )

    def failures(self, import_id: UUID, after_line: int, limit: int) -> Sequence[FailedRow]:
        statement = (
            select(_FAILURES)
            .where(_FAILURES.c.import_id == import_id, _FAILURES.c.line > after_line)
            .order_by(_FAILURES.c.line)
            .limit(limit)
        )
        return [
            FailedRow(row.line, _FAULTS.validate_python(row.faults))
            for row in self._transaction.all(statement)
        ]

    def forget(self, customer_id: UUID) -> None:
        prints = schema.customer_import_prints
        self._transaction.execute(delete(prints).where(prints.c.customer_id == customer_id))
        self._likenesses.forget_customer(customer_id)

    def add_likenesses(self, likenesses: Sequence[ImportLikeness]) -> None:
        self._likenesses.add(likenesses)

    def save_likeness(self, likeness: ImportLikeness) -> None:
        self._likenesses.save(likeness)

    def likenesses(self, import_id: UUID, after_line: int, limit: int) -> Sequence[ImportLikeness]:
        return self._likenesses.page(import_id, after_line, limit)

    def likenesses_at(self, import_id: UUID, lines: Sequence[int]) -> Sequence[ImportLikeness]:
        return self._likenesses.at(import_id, lines)

    def count_likenesses(self, import_id: UUID) -> LikenessCounts:
        return self._likenesses.count(import_id)

    def forget_likenesses(self, import_id: UUID) -> None:
        self._likenesses.forget_import(import_id)

    def forget_failures(self, import_id: UUID) -> None:
        self._transaction.execute(delete(_FAILURES).where(_FAILURES.c.import_id == import_id))


def _values(record: CustomerImport) -> dict[str, object]:
    return {
        "id": record.id,
        "staff_id": record.staff_id,
        "created_at": record.created_at,
        "file_name": record.file_name,
        "state": record.state.value,
        "sheet": _SHEET.dump_python(record.sheet, mode="json") if record.sheet is not None else None,
        "plan": _PLAN.dump_python(record.plan, mode="json") if record.plan is not None else None,
        "fault": dict(record.fault),
        "done": record.counts.done,
        "imported": record.counts.imported,
        "matched": record.counts.matched,
        "changed": record.counts.changed,
        "failed": record.counts.failed,
        "points_left": record.counts.points_left,
        "position": record.position,
        "started_at": record.started_at,
        "finished_at": record.finished_at,
    }


def _counts(row: Row[Any]) -> Counts:
    return Counts(row.done, row.imported, row.matched, row.changed, row.failed, row.points_left)


def _import(row: Row[Any]) -> CustomerImport:
    return CustomerImport(
        id=row.id,
        staff_id=row.staff_id,
        created_at=row.created_at,
        file_name=row.file_name,
        state=ImportState(row.state),
        sheet=_SHEET.validate_python(row.sheet) if row.sheet is not None else None,
        plan=_PLAN.validate_python(row.plan) if row.plan is not None else None,
        fault=row.fault,
        counts=_counts(row),
        position=row.position,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )
