"""Closes of lanes' days."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Row, exists, select

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.adapters.sql.json_values import receipt_from_json
from loyalty.adapters.sql.repositories.after_sale import refund_from
from loyalty.domain.day_close import DayClose
from loyalty.domain.reports.takings import Takings
from loyalty.domain.sale import Receipt
from loyalty.ports.day_closes import RefundOfSale

_CLOSES, _IN_CLOSE = schema.day_closes, schema.day_close_refunds
_SALES, _REFUNDS = schema.sales, schema.refunds
_TAKINGS = TypeAdapter(Takings)


class SqlDayCloseRepository:
    """Closes, only ever inserted, and the receipts and refunds that they are made from."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, close: DayClose, refund_ids: Sequence[UUID]) -> None:
        self._transaction.execute(
            _CLOSES.insert(),
            {
                "id": close.id,
                "lane_id": close.lane_id,
                "number": close.number,
                "first_receipt": close.first_receipt,
                "last_receipt": close.last_receipt,
                "closed_at": close.closed_at,
                "closed_by": close.closed_by,
                "takings": _TAKINGS.dump_python(close.takings, mode="json"),
                "float_minor": close.float_minor,
                "counted_minor": close.counted_minor,
                "note": close.note,
            },
        )
        for refund_id in refund_ids:
            self._transaction.execute(_IN_CLOSE.insert(), {"refund_id": refund_id, "close_id": close.id})

    def get(self, close_id: UUID) -> DayClose | None:
        row = self._transaction.first(select(_CLOSES).where(_CLOSES.c.id == close_id))
        return _close(row) if row is not None else None

    def last_of(self, lane_id: UUID) -> DayClose | None:
        found = select(_CLOSES).where(_CLOSES.c.lane_id == lane_id).order_by(_CLOSES.c.number.desc())
        row = self._transaction.first(found.limit(1))
        return _close(row) if row is not None else None

    def recent(self, limit: int, lane_id: UUID | None = None) -> Sequence[DayClose]:
        statement = select(_CLOSES).order_by(_CLOSES.c.closed_at.desc(), _CLOSES.c.id.desc()).limit(limit)
        if lane_id is not None:
            statement = statement.where(_CLOSES.c.lane_id == lane_id)
        return [_close(row) for row in self._transaction.all(statement)]

    def receipts_after(self, lane_id: UUID, receipt_number: int) -> Sequence[Receipt]:
        return self._receipts(lane_id, _SALES.c.receipt_number > receipt_number)

    def receipts_between(self, lane_id: UUID, start: datetime, end: datetime) -> Sequence[Receipt]:
        return self._receipts(lane_id, _SALES.c.closed_at >= start, _SALES.c.closed_at < end)

    def refunds_not_closed(self, lane_id: UUID) -> Sequence[RefundOfSale]:
        return self._refunds(lane_id, ~exists().where(_IN_CLOSE.c.refund_id == _REFUNDS.c.id))

    def refunds_between(self, lane_id: UUID, start: datetime, end: datetime) -> Sequence[RefundOfSale]:
        return self._refunds(lane_id, _REFUNDS.c.at >= start, _REFUNDS.c.at < end)

    def _receipts(self, lane_id: UUID, *conditions: ColumnElement[bool]) -> Sequence[Receipt]:
        rows = self._transaction.all(
            select(_SALES.c.receipt)
            .where(
                _SALES.c.lane_id == lane_id,
                _SALES.c.receipt_number.is_not(None),
                _SALES.c.is_training.is_(False),
                *conditions,
            )
            .order_by(_SALES.c.receipt_number)
        )
        return [receipt_from_json(row.receipt) for row in rows]

    def _refunds(self, lane_id: UUID, *conditions: ColumnElement[bool]) -> Sequence[RefundOfSale]:
        rows = self._transaction.all(
            select(_REFUNDS, _SALES.c.receipt)
            .join(_SALES, _SALES.c.id == _REFUNDS.c.sale_id)
            .where(_SALES.c.lane_id == lane_id, _SALES.c.is_training.is_(False), *conditions)
            .order_by(_REFUNDS.c.at, _REFUNDS.c.id)
        )
        return [(refund_from(row), receipt_from_json(row.receipt)) for row in rows]


def _close(row: Row[Any]) -> DayClose:
    return DayClose(
        id=row.id,
        lane_id=row.lane_id,
        number=row.number,
        first_receipt=row.first_receipt,
        last_receipt=row.last_receipt,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        takings=_TAKINGS.validate_python(row.takings, strict=False),
        float_minor=row.float_minor,
        counted_minor=row.counted_minor,
        note=row.note,
    )
