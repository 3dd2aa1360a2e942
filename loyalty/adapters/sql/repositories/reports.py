"""Figures and lists for reports."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, case, exists, func, or_, select

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.adapters.sql.repositories.customer_activity import past_sale_from, past_sales
from loyalty.adapters.sql.repositories.points import entry_from
from loyalty.domain.ledger import EntryKind
from loyalty.domain.reports.visits import LoyaltyVisit
from loyalty.ports.customer_activity import PastSale
from loyalty.ports.reports import LaneFigures, LedgerRow, Outstanding

_ENTRIES, _ACCOUNTS, _CUSTOMERS = schema.ledger_entries, schema.loyalty_accounts, schema.customers
_SALES, _LOTS, _REFUNDS = schema.sales, schema.lots, schema.refunds
_CHUNK = 500
_SALE = "sale:"


class SqlReportRepository:
    """Reads only."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def ledger_rows(
        self,
        start: datetime,
        end: datetime,
        *,
        kinds: Sequence[EntryKind] = (),
        customer_id: UUID | None = None,
        after: tuple[datetime, UUID] | None = None,
        limit: int = 500,
    ) -> Sequence[LedgerRow]:
        columns = _ENTRIES.c
        statement = _with_holder().where(columns.booked_at >= start, columns.booked_at < end)
        if kinds:
            statement = statement.where(columns.kind.in_([kind.value for kind in kinds]))
        if customer_id is not None:
            statement = statement.where(_ACCOUNTS.c.customer_id == customer_id)
        if after is not None:
            at, entry_id = after
            statement = statement.where(
                or_(columns.booked_at > at, and_(columns.booked_at == at, columns.id > entry_id))
            )
        rows = self._transaction.all(statement.order_by(columns.booked_at, columns.id).limit(limit))
        lanes = self._lanes_of([sale_id for row in rows if (sale_id := _sale_id(row.source)) is not None])
        return [_ledger_row(row, lanes) for row in rows]

    def sums_by_kind(self, start: datetime, end: datetime) -> Mapping[EntryKind, int]:
        columns = _ENTRIES.c
        rows = self._transaction.all(
            select(columns.kind, func.sum(columns.points).label("points"))
            .where(columns.booked_at >= start, columns.booked_at < end)
            .group_by(columns.kind)
        )
        return {EntryKind(row.kind): int(row.points) for row in rows}

    def visits(self, start: datetime, end: datetime) -> Sequence[LoyaltyVisit]:
        columns = _SALES.c
        came_back = exists().where(_REFUNDS.c.sale_id == columns.id, _REFUNDS.c.is_whole)
        rows = self._transaction.all(
            select(
                columns.id,
                columns.account_id,
                columns.closed_at,
                columns.points_earned,
                columns.points_redeemed,
            )
            .where(
                columns.state == "completed",
                columns.closed_at >= start,
                columns.closed_at < end,
                columns.account_id.is_not(None),
                columns.is_training.is_(False),
                columns.exchange_of.is_(None),
                ~came_back,
            )
            .order_by(columns.closed_at, columns.id)
        )
        return [
            LoyaltyVisit(
                row.id, row.account_id, row.closed_at, row.points_earned, int(row.points_redeemed > 0)
            )
            for row in rows
        ]

    def by_lane(self, start: datetime, end: datetime) -> Sequence[LaneFigures]:
        columns = _SALES.c
        rows = self._transaction.all(
            select(
                columns.lane_id,
                func.count().label("sales"),
                func.count(columns.customer_id).label("with_member"),
                func.coalesce(func.sum(columns.points_earned), 0).label("earned"),
                func.coalesce(func.sum(columns.points_redeemed), 0).label("redeemed"),
            )
            .where(
                columns.state == "completed",
                columns.closed_at >= start,
                columns.closed_at < end,
                columns.is_training.is_(False),
            )
            .group_by(columns.lane_id)
        )
        return [
            LaneFigures(row.lane_id, row.sales, row.with_member, int(row.earned), int(row.redeemed))
            for row in rows
        ]

    def sales(
        self, start: datetime, end: datetime, *, lane_id: UUID | None = None, limit: int = 200
    ) -> Sequence[PastSale]:
        columns = _SALES.c
        statement = past_sales().where(
            columns.state == "completed",
            columns.closed_at >= start,
            columns.closed_at < end,
            columns.is_training.is_(False),
        )
        if lane_id is not None:
            statement = statement.where(columns.lane_id == lane_id)
        newest = statement.order_by(columns.closed_at.desc(), columns.id.desc()).limit(limit)
        return [past_sale_from(row) for row in self._transaction.all(newest)]

    def outstanding(self) -> Outstanding:
        balance = _ACCOUNTS.c.balance
        row = self._transaction.first(
            select(
                func.count(case((balance > 0, 1))).label("accounts"),
                func.coalesce(func.sum(case((balance > 0, balance), else_=0)), 0).label("points"),
                func.coalesce(func.sum(case((balance < 0, -balance), else_=0)), 0).label("debt"),
            )
        )
        return Outstanding(row.accounts, int(row.points), int(row.debt)) if row else Outstanding(0, 0, 0)

    def expiring(self, start: datetime, end: datetime) -> int:
        row = self._transaction.first(
            select(func.coalesce(func.sum(_LOTS.c.remaining), 0).label("points")).where(
                _LOTS.c.remaining > 0, _LOTS.c.expires_at >= start, _LOTS.c.expires_at < end
            )
        )
        return int(row.points) if row is not None else 0

    def _lanes_of(self, sale_ids: list[UUID]) -> dict[UUID, UUID]:
        lanes: dict[UUID, UUID] = {}
        for begin in range(0, len(sale_ids), _CHUNK):
            chunk = sale_ids[begin : begin + _CHUNK]
            statement = select(_SALES.c.id, _SALES.c.lane_id).where(_SALES.c.id.in_(chunk))
            lanes |= {row.id: row.lane_id for row in self._transaction.all(statement)}
        return lanes


def _with_holder() -> Select[Any]:
    return (
        select(
            _ENTRIES,
            _ACCOUNTS.c.customer_id,
            _ACCOUNTS.c.phone_number,
            _CUSTOMERS.c.given_name,
            _CUSTOMERS.c.family_name,
            _CUSTOMERS.c.company_name,
        )
        .join(_ACCOUNTS, _ACCOUNTS.c.id == _ENTRIES.c.account_id)
        .join(_CUSTOMERS, _CUSTOMERS.c.id == _ACCOUNTS.c.customer_id)
    )


def _ledger_row(row: Row[Any], lanes: Mapping[UUID, UUID]) -> LedgerRow:
    name = " ".join(part for part in (row.given_name, row.family_name) if part) or row.company_name
    sale_id = _sale_id(row.source)
    return LedgerRow(
        entry=entry_from(row, ()),
        customer_id=row.customer_id,
        display_name=name,
        phone_number=row.phone_number,
        lane_id=lanes.get(sale_id) if sale_id is not None else None,
    )


def _sale_id(source: str) -> UUID | None:
    if not source.startswith(_SALE):
        return None
    try:
        return UUID(source.removeprefix(_SALE))
    except ValueError:
        return None
