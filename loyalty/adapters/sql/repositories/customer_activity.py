"""What one customer did, asked of the sales by the index on customer and time of closing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, exists, func, select

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.adapters.sql.repositories.merged import of_person
from loyalty.domain.sale import SaleChannel
from loyalty.ports.customer_activity import BoughtItem, PaidCard, PastSale, VisitFigures

_SALES, _LINES, _REFUNDS = schema.sales, schema.sale_lines, schema.refunds


class SqlCustomerActivityRepository:
    """Reads only."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def visits(self, customer_id: UUID) -> VisitFigures:
        row = self._transaction.first(
            select(
                func.count().label("visits"),
                func.min(_SALES.c.closed_at).label("first_at"),
                func.max(_SALES.c.closed_at).label("last_at"),
            ).where(*_visits_of(customer_id))
        )
        paid = self._transaction.first(
            select(func.coalesce(func.sum(_SALES.c.total_minor), 0).label("minor")).where(*_of(customer_id))
        )
        returned = self._transaction.first(
            select(func.coalesce(func.sum(_REFUNDS.c.amount_minor), 0).label("minor"))
            .join(_SALES, _SALES.c.id == _REFUNDS.c.sale_id)
            .where(*_of(customer_id))
        )
        if row is None or paid is None or returned is None:
            return VisitFigures()
        return VisitFigures(row.visits, int(paid.minor) - int(returned.minor), row.first_at, row.last_at)

    def items(self, customer_id: UUID, limit: int) -> Sequence[BoughtItem]:
        quantity = func.sum(_LINES.c.quantity).label("quantity")
        rows = self._transaction.all(
            select(_LINES.c.item_id, func.max(_LINES.c.name).label("name"), quantity)
            .join(_SALES, _SALES.c.id == _LINES.c.sale_id)
            .where(*_of(customer_id))
            .group_by(_LINES.c.item_id)
            .order_by(quantity.desc(), _LINES.c.item_id)
            .limit(limit)
        )
        return [BoughtItem(row.item_id, row.name, int(row.quantity)) for row in rows]

    def lanes(self, customer_id: UUID) -> Sequence[tuple[UUID, int]]:
        visits = func.count().label("visits")
        rows = self._transaction.all(
            select(_SALES.c.lane_id, visits)
            .where(*_visits_of(customer_id))
            .group_by(_SALES.c.lane_id)
            .order_by(visits.desc(), _SALES.c.lane_id)
        )
        return [(row.lane_id, int(row.visits)) for row in rows]

    def points_earned(self, customer_id: UUID, channel: SaleChannel) -> int:
        earned = func.coalesce(func.sum(_SALES.c.points_earned), 0).label("points")
        row = self._transaction.first(
            select(earned).where(*_of(customer_id), _SALES.c.channel == channel.value)
        )
        return int(row.points) if row is not None else 0

    def cards(self, customer_id: UUID, sales: int) -> Sequence[PaidCard]:
        rows = self._transaction.all(
            select(_SALES.c.id, _SALES.c.receipt, _SALES.c.closed_at)
            .where(*_of(customer_id))
            .order_by(_SALES.c.closed_at.desc())
            .limit(sales)
        )
        found: dict[tuple[str, str], PaidCard] = {}
        for row in rows:
            for brand, last_four in _cards_of(row.receipt):
                fresh = PaidCard(brand, last_four, 0, row.closed_at, row.id)
                there = found.get((brand, last_four), fresh)
                found[brand, last_four] = replace(there, sales=there.sales + 1)
        return list(found.values())

    def sales(self, customer_id: UUID, limit: int, before: datetime | None = None) -> Sequence[PastSale]:
        statement = past_sales().where(*_of(customer_id))
        if before is not None:
            statement = statement.where(_SALES.c.closed_at < before)
        rows = self._transaction.all(
            statement.order_by(_SALES.c.closed_at.desc(), _SALES.c.id.desc()).limit(limit)
        )
        return [past_sale_from(row) for row in rows]


def past_sales() -> Select[Any]:
    """Sales with what was given back of each, for :func:`past_sale_from`."""
    refunded = (
        select(func.coalesce(func.sum(_REFUNDS.c.amount_minor), 0))
        .where(_REFUNDS.c.sale_id == _SALES.c.id)
        .scalar_subquery()
        .label("refunded_minor")
    )
    return select(_SALES, refunded)


def past_sale_from(row: Row[Any]) -> PastSale:
    """A completed sale as one line of a list."""
    return PastSale(
        row.id,
        row.closed_at,
        row.lane_id,
        row.receipt_number,
        row.total_minor,
        row.points_earned or 0,
        row.points_redeemed or 0,
        int(row.refunded_minor),
    )


def _of(customer_id: UUID) -> tuple[ColumnElement[bool], ...]:
    columns = _SALES.c
    return (
        of_person(columns.customer_id, customer_id),
        columns.closed_at.is_not(None),
        columns.state == "completed",
        columns.is_training.is_(False),
    )


def _visits_of(customer_id: UUID) -> tuple[ColumnElement[bool], ...]:
    came_back = exists().where(_REFUNDS.c.sale_id == _SALES.c.id, _REFUNDS.c.is_whole)
    return (*_of(customer_id), _SALES.c.exchange_of.is_(None), ~came_back)


def _cards_of(receipt: dict[str, Any] | None) -> set[tuple[str, str]]:
    """Brand and digits of the cards that a stored receipt names, without reading all of it."""
    if receipt is None:
        return set()
    tenders = receipt.get("tenders") or [receipt.get("tender") or {}]
    cards = [tender.get("card") for tender in tenders]
    return {(card["brand"], card["last_four"]) for card in cards if card}
