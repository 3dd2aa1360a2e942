"""Rows of imports that resemble a customer."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, case, delete, func, or_, select

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.adapters.sql.prepared import Prepared
from loyalty.domain.duplicates.fields import Field
from loyalty.domain.duplicates.reasons import Agreement
from loyalty.domain.importing.likeness import ImportLikeness, LikenessCounts, LikenessDecision

_TABLE = schema.customer_import_likenesses
_LIKELIEST = (_TABLE.c.line, _TABLE.c.score.desc(), _TABLE.c.customer_id)
_IN_SPAN = Prepared(
    select(_TABLE)
    .where(
        _TABLE.c.import_id == bindparam("of_import"),
        _TABLE.c.line >= bindparam("first_line"),
        _TABLE.c.line <= bindparam("last_line"),
    )
    .order_by(*_LIKELIEST)
)


class SqlImportLikenesses:
    """The part of ``loyalty.ports.importing.ImportRepository`` about likenesses."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, likenesses: Sequence[ImportLikeness]) -> None:
        self._transaction.upsert_all(_TABLE, [_values(each) for each in likenesses])

    def save(self, likeness: ImportLikeness) -> None:
        self._transaction.upsert(_TABLE, _values(likeness))

    def page(self, import_id: UUID, after_line: int, limit: int) -> Sequence[ImportLikeness]:
        of_import = (_TABLE.c.import_id == import_id, _TABLE.c.line > after_line)
        lines = select(_TABLE.c.line).where(*of_import).distinct().order_by(_TABLE.c.line).limit(limit)
        found = self._transaction.all(lines)
        return self.at(import_id, [row.line for row in found])

    def at(self, import_id: UUID, lines: Sequence[int]) -> Sequence[ImportLikeness]:
        """Of a slice, whose lines lie together: a span is one look at the key, however many there are."""
        if not lines:
            return []
        span = {"of_import": import_id, "first_line": min(lines), "last_line": max(lines)}
        wanted = frozenset(lines)
        return [_likeness(row) for row in self._transaction.all(_IN_SPAN, span) if row.line in wanted]

    def count(self, import_id: UUID) -> LikenessCounts:
        is_open = _TABLE.c.decision.is_(None) & _TABLE.c.made_id.is_(None)
        row = self._transaction.first(
            select(
                func.count(_TABLE.c.line.distinct()).label("rows"),
                func.count(case((is_open, _TABLE.c.line)).distinct()).label("undecided"),
            ).where(_TABLE.c.import_id == import_id)
        )
        return LikenessCounts(row.rows, row.undecided) if row is not None else LikenessCounts()

    def forget_import(self, import_id: UUID) -> None:
        self._transaction.execute(delete(_TABLE).where(_TABLE.c.import_id == import_id))

    def forget_customer(self, customer_id: UUID) -> None:
        theirs = or_(_TABLE.c.customer_id == customer_id, _TABLE.c.made_id == customer_id)
        self._transaction.execute(delete(_TABLE).where(theirs))


def _values(likeness: ImportLikeness) -> dict[str, object]:
    told: Mapping[str, object] = {
        "agreements": {str(name): str(how) for name, how in likeness.agreements.items()},
        "decision": likeness.decision.value if likeness.decision is not None else None,
    }
    return {**asdict(likeness), **told}


def _likeness(row: Row[Any]) -> ImportLikeness:
    return ImportLikeness(
        import_id=row.import_id,
        line=row.line,
        customer_id=row.customer_id,
        score=row.score,
        agreements={Field(name): Agreement(how) for name, how in row.agreements.items()},
        decision=LikenessDecision(row.decision) if row.decision is not None else None,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        made_id=row.made_id,
    )
