"""Finds customers by compiled conditions."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    Uuid,
    and_,
    bindparam,
    delete,
    func,
    literal,
    select,
    true,
    tuple_,
)

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.adapters.sql.filters.binds import LateValues
from loyalty.adapters.sql.filters.build import Builder
from loyalty.adapters.sql.prepared import Prepared
from loyalty.adapters.sql.repositories.directory import WITH_ACCOUNT_COLUMNS, member_from_row
from loyalty.adapters.sql.repositories.search import CustomerSearch
from loyalty.adapters.sql.schema.base import Microseconds
from loyalty.domain.filters import filters_from_json, filters_to_json
from loyalty.domain.filters.condition import Condition
from loyalty.domain.filters.period import Moment
from loyalty.domain.search import SearchTerms
from loyalty.ports.find_customers import Listed, Place, SavedView

_SUMMARY, _VIEWS = schema.customer_summaries, schema.saved_views
_ID, _LAST = _SUMMARY.c.customer_id, _SUMMARY.c.visit_1_at
_FEW = 5_000
"""So many matches are gathered and sorted; of more, the next ones are met soon in the order of visits."""


class SqlDirectoryRepository:
    """Reads only."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def count(self, condition: Condition, moment: Moment) -> int:
        clause, values = _compiled(condition, moment)
        row = self._transaction.first(select(func.count().label("number")).where(clause), values)
        return int(row.number) if row is not None else 0

    def counted(self, condition: Condition, moment: Moment, limit: int) -> tuple[int, Sequence[Listed]]:
        clause, values = _compiled(condition, moment)
        few = select(_ID, _LAST).where(clause).limit(_FEW + 1)
        rows = self._transaction.all(few, values)
        if len(rows) > _FEW:
            count = self.count(condition, moment)
            return count, self.page(condition, moment, limit=limit)
        ranked = sorted(rows, key=_rank, reverse=True)
        return len(rows), self.listed([row.customer_id for row in ranked[:limit]])

    def page(
        self, condition: Condition, moment: Moment, *, limit: int, after: Place | None = None
    ) -> Sequence[Listed]:
        clause, values = _compiled(condition, moment, is_walk=True)
        ids: list[UUID] = []
        if after is None or after.last_visit_at is not None:
            came = select(_ID).where(clause, _LAST.is_not(None))
            if after is not None:
                place = tuple_(literal(after.last_visit_at, Microseconds()), literal(after.customer_id))
                came = came.where(tuple_(_LAST, _ID) < place)
            ordered = came.order_by(_LAST.desc(), _ID.desc())
            ids = [row.customer_id for row in self._transaction.all(ordered.limit(limit), values)]
        if len(ids) < limit:
            never_came = select(_ID).where(clause, _LAST.is_(None)).order_by(_ID.desc())
            if after is not None and after.last_visit_at is None:
                never_came = never_came.where(after.customer_id > _ID)
            rows = self._transaction.all(never_came.limit(limit - len(ids)), values)
            ids += [row.customer_id for row in rows]
        return self.listed(ids)

    def ids(self, condition: Condition, moment: Moment, after: UUID | None, limit: int) -> Sequence[UUID]:
        clause, values = _compiled(condition, moment)
        statement = select(_ID).where(clause, after < _ID if after is not None else true())
        return [
            row.customer_id for row in self._transaction.all(statement.order_by(_ID).limit(limit), values)
        ]

    def listed(self, customer_ids: Sequence[UUID]) -> Sequence[Listed]:
        if not customer_ids:
            return []
        values = {f"id_{place}": customer_id for place, customer_id in enumerate(customer_ids)}
        rows = self._transaction.all(_listing(len(customer_ids)), values)
        by_id = {
            row.id: Listed(member_from_row(row), row.visits, row.spend_minor, row.last_visit_at)
            for row in rows
        }
        return [by_id[each] for each in customer_ids if each in by_id]

    def search(self, terms: SearchTerms, limit: int) -> Sequence[Listed]:
        return self.listed(CustomerSearch(self._transaction).find(terms, limit))

    def views(self) -> Sequence[SavedView]:
        rows = self._transaction.all(select(_VIEWS).order_by(_VIEWS.c.name))
        return [SavedView(row.id, row.name, filters_from_json(row.filters)) for row in rows]

    def save_view(self, view: SavedView, at: datetime) -> None:
        self._transaction.execute(delete(_VIEWS).where(_VIEWS.c.name == view.name))
        values = {"id": view.id, "name": view.name, "filters": filters_to_json(view.filters), "made_at": at}
        self._transaction.execute(_VIEWS.insert(), values)

    def remove_view(self, view_id: UUID) -> None:
        self._transaction.execute(delete(_VIEWS).where(_VIEWS.c.id == view_id))


@cache
def _listing(count: int) -> Prepared:
    """So many customers by their ids, made once for each number of them."""
    customers, accounts = schema.customers, schema.loyalty_accounts
    wanted = [bindparam(f"id_{place}", type_=Uuid(), required=True) for place in range(count)]
    columns = (_SUMMARY.c.visits, _SUMMARY.c.spend_minor, _LAST.label("last_visit_at"))
    return Prepared(
        select(*WITH_ACCOUNT_COLUMNS, *columns)
        .select_from(
            customers.join(_SUMMARY, customers.c.id == _ID).outerjoin(
                accounts, accounts.c.customer_id == customers.c.id
            )
        )
        .where(customers.c.id.in_(wanted), _SUMMARY.c.is_listed == true())
    )


def _rank(row: Row[Any]) -> tuple[bool, Any, UUID]:
    """Who came last first, then who never came, newest first."""
    at = row.visit_1_at
    return at is not None, at if at is not None else 0, row.customer_id


def _compiled(
    condition: Condition, moment: Moment, *, is_walk: bool = False
) -> tuple[ColumnElement[bool], dict[str, Any]]:
    """The clause with its values; a walk looks at one customer after the other and ends soon."""
    late = LateValues()
    clause = Builder(late, is_for_one=is_walk).clause(condition)
    return and_(_SUMMARY.c.is_listed == true(), clause), dict(late.values(moment))
