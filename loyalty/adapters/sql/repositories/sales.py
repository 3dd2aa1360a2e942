"""Sales: loaded whole, stored by what changed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, delete, func, or_, select, update

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.adapters.sql.json_values import terms_then_from_json, terms_then_to_json
from loyalty.adapters.sql.prepared import Prepared
from loyalty.adapters.sql.repositories.sale_rows import (
    line_from,
    line_values,
    member_from,
    reward_from,
    reward_values,
    sale_from,
    sale_values,
)
from loyalty.domain.sale import Sale
from loyalty.errors import ConflictError, StorageError
from loyalty.ports.sales import TermsThen, UnfinishedSale

_SALES, _LINES, _REWARDS = schema.sales, schema.sale_lines, schema.sale_rewards
_IDENTIFICATIONS = schema.identifications
_COUNTERS = schema.counters
RECEIPT_COUNTER, TRAINING_COUNTER = "receipt", "training receipt"
_APART = ("id", "terms")
"""Columns that a change of the sale leaves alone."""

_BY_ID = Prepared(select(_SALES).where(_SALES.c.id == bindparam("sale_id")))
_OPEN_IN_LANE = Prepared(
    select(_SALES).where(_SALES.c.lane_id == bindparam("lane_id"), _SALES.c.state == "open")
)
_LAST_CLOSED = Prepared(
    select(_SALES)
    .where(_SALES.c.lane_id == bindparam("lane_id"), _SALES.c.closed_at.is_not(None))
    .order_by(_SALES.c.closed_at.desc())
    .limit(1)
)
_HELD = Prepared(
    select(_SALES).where(_SALES.c.state == "held", _SALES.c.closed_at.is_(None)).order_by(_SALES.c.opened_at)
)
_BY_KEY = Prepared(select(_SALES).where(_SALES.c.completion_key == bindparam("key")))
_LINES_OF = Prepared(
    select(_LINES).where(_LINES.c.sale_id == bindparam("sale_id")).order_by(_LINES.c.position)
)
_REWARDS_OF = Prepared(
    select(_REWARDS).where(_REWARDS.c.sale_id == bindparam("sale_id")).order_by(_REWARDS.c.position)
)
_SINCE = func.coalesce(_IDENTIFICATIONS.c.at, _SALES.c.opened_at)
_UNFINISHED = Prepared(
    select(
        _SALES.c.id.label("sale_id"),
        _SALES.c.lane_id,
        _SALES.c.state,
        _SINCE.label("since"),
        func.coalesce(func.sum(_REWARDS.c.points), 0).label("points"),
    )
    .select_from(
        _SALES.outerjoin(_IDENTIFICATIONS, _IDENTIFICATIONS.c.id == _SALES.c.identification_id).outerjoin(
            _REWARDS, _REWARDS.c.sale_id == _SALES.c.id
        )
    )
    .where(
        _SALES.c.account_id == bindparam("account_id"),
        _SALES.c.closed_at.is_(None),
        _SALES.c.is_training.is_(False),
    )
    .group_by(_SALES.c.id, _SALES.c.lane_id, _SALES.c.state, _SINCE)
    .order_by(_SINCE, _SALES.c.id)
)
_CONFIRMED = (
    select(func.count().label("number"))
    .select_from(_REWARDS.join(_SALES, _SALES.c.id == _REWARDS.c.sale_id))
    .where(
        _SALES.c.account_id == bindparam("account_id"),
        _SALES.c.state != "voided",
        or_(_SALES.c.closed_at.is_(None), _SALES.c.closed_at >= bindparam("since")),
        _SALES.c.is_training.is_(False),
        _REWARDS.c.confirmed_by.is_not(None),
    )
)
_COUNT_UP = (
    update(_COUNTERS)
    .where(_COUNTERS.c.name == bindparam("counter"))
    .values(value=_COUNTERS.c.value + 1)
    .returning(_COUNTERS.c.value)
)


def _update_of(names: Iterable[str]) -> Prepared:
    return Prepared(
        update(_SALES)
        .where(_SALES.c.id == bindparam("sale_id"), _SALES.c.version == bindparam("old_version"))
        .values({name: bindparam(f"new_{name}") for name in names})
    )


_UPDATE = _update_of(column.name for column in _SALES.c if column.name not in _APART)
_MEMBER_COLUMNS = frozenset(
    {
        "customer_id",
        "account_id",
        "identification_id",
        "method",
        "trust",
        "session_id",
        "discount_confirmed_by",
        "version",
    }
)
_UPDATE_MEMBER = _update_of(sorted(_MEMBER_COLUMNS))
"""SQLite writes every index of a column that it is given, changed or not: this spares a scan five pages."""


class SqlSaleRepository:
    """Keeps what it loaded or stored, to write differences only and to read no sale twice."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._known: dict[UUID, Sale] = {}
        self._unfinished: dict[UUID, Sequence[UnfinishedSale]] = {}  # asked several times for each sale shown

    def add(self, sale: Sale) -> None:
        self._unfinished.clear()
        self._transaction.execute(_SALES.insert(), {"id": sale.id, **sale_values(sale)})
        self._store_parts(sale, ())
        self._known[sale.id] = sale

    def save(self, sale: Sale) -> None:
        self._unfinished.clear()
        known = self._known.get(sale.id) or self.get(sale.id)
        if known is None or not self._is_updated(known, sale):
            raise ConflictError("somebody else changed this sale", sale=str(sale.id))
        if known.lines != sale.lines or known.rewards != sale.rewards or sale.receipt is not None:
            self._store_parts(sale, (known,))
        self._known[sale.id] = sale

    def _is_updated(self, known: Sale, sale: Sale) -> bool:
        before, after = sale_values(known), sale_values(sale)
        only_member = all(before[name] == after[name] for name in after if name not in _MEMBER_COLUMNS)
        values: dict[str, object] = {f"new_{name}": value for name, value in after.items()}
        values |= {"sale_id": sale.id, "old_version": sale.version - 1}
        if known.version == sale.version - 1 and only_member:
            return self._transaction.write(_UPDATE_MEMBER, values) == 1
        return self._transaction.write(_UPDATE, values) == 1

    def get(self, sale_id: UUID) -> Sale | None:
        known = self._known.get(sale_id)
        return known if known is not None else self._one(_BY_ID, {"sale_id": sale_id})

    def open_in_lane(self, lane_id: UUID) -> Sale | None:
        known = (sale for sale in self._known.values() if sale.lane_id == lane_id and sale.is_open)
        return next(known, None) or self._one(_OPEN_IN_LANE, {"lane_id": lane_id})

    def last_closed_in_lane(self, lane_id: UUID) -> Sale | None:
        return self._one(_LAST_CLOSED, {"lane_id": lane_id})

    def held(self) -> Sequence[Sale]:
        return [self._whole(row) for row in self._transaction.all(_HELD)]

    def completed_by_key(self, completion_key: str) -> Sale | None:
        return self._one(_BY_KEY, {"key": completion_key})

    def by_receipt_number(self, number: int) -> Sale | None:
        row = self._transaction.first(select(_SALES).where(_SALES.c.receipt_number == number))
        return self._whole(row) if row is not None else None

    def reserved_points(self, account_id: UUID, except_sale: UUID | None) -> int:
        return sum(each.points for each in self.unfinished_of(account_id) if each.sale_id != except_sale)

    def unfinished_of(self, account_id: UUID) -> Sequence[UnfinishedSale]:
        known = self._unfinished.get(account_id)
        if known is None:
            rows = self._transaction.all(_UNFINISHED, {"account_id": account_id})
            known = self._unfinished[account_id] = tuple(
                UnfinishedSale(row.sale_id, row.lane_id, row.state == "held", row.since, int(row.points))
                for row in rows
            )
        return known

    def next_receipt_number(self, *, is_training: bool = False) -> int:
        counter = TRAINING_COUNTER if is_training else RECEIPT_COUNTER
        row = self._transaction.first(_COUNT_UP, {"counter": counter})
        if row is None:
            raise StorageError("the counter of receipts is missing: migrate the database")
        return int(row.value)

    def keep_terms(self, sale_id: UUID, terms: TermsThen) -> None:
        self._transaction.execute(
            update(_SALES).where(_SALES.c.id == sale_id).values(terms=terms_then_to_json(terms))
        )

    def terms_of(self, sale_id: UUID) -> TermsThen | None:
        row = self._transaction.first(select(_SALES.c.terms).where(_SALES.c.id == sale_id))
        return terms_then_from_json(row.terms) if row is not None and row.terms is not None else None

    def completed_between(self, start: datetime, end: datetime) -> Sequence[UUID]:
        columns = _SALES.c
        rows = self._transaction.all(
            select(columns.id)
            .where(
                columns.state == "completed",
                columns.closed_at >= start,
                columns.closed_at < end,
                columns.is_training.is_(False),
            )
            .order_by(columns.closed_at, columns.receipt_number)
        )
        return [row.id for row in rows]

    def confirmed_redemptions(self, account_id: UUID, since: datetime) -> int:
        row = self._transaction.first(_CONFIRMED, {"account_id": account_id, "since": since})
        return int(row.number) if row is not None else 0

    def _one(self, statement: Prepared, values: dict[str, object]) -> Sale | None:
        row = self._transaction.first(statement, values)
        return self._whole(row) if row is not None else None

    def _whole(self, row: Row[Any]) -> Sale:
        known = self._known.get(row.id)
        if known is not None and known.version == row.version:
            return known
        lines = self._transaction.all(_LINES_OF, {"sale_id": row.id})
        rewards = self._transaction.all(_REWARDS_OF, {"sale_id": row.id})
        sale = sale_from(
            row,
            member=member_from(row),
            lines=tuple(line_from(line) for line in lines),
            rewards=tuple(reward_from(reward) for reward in rewards),
        )
        self._known[sale.id] = sale
        return sale

    def _store_parts(self, sale: Sale, before: tuple[Sale, ...]) -> None:
        old_lines = {line.id for known in before for line in known.lines}
        old_rewards = {reward.id for known in before for reward in known.rewards}
        for gone in old_lines - {line.id for line in sale.lines}:
            self._transaction.execute(delete(_LINES).where(_LINES.c.id == gone))
        for gone in old_rewards - {reward.id for reward in sale.rewards}:
            self._transaction.execute(delete(_REWARDS).where(_REWARDS.c.id == gone))
        lines = [line_values(sale, position, line) for position, line in enumerate(sale.lines)]
        rewards = [reward_values(sale, position, reward) for position, reward in enumerate(sale.rewards)]
        self._transaction.upsert_all(_LINES, lines)
        self._transaction.upsert_all(_REWARDS, rewards)
