"""Finds customers by compiled conditions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    and_,
    delete,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
)

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.adapters.sql.filters.binds import LateValues
from loyalty.adapters.sql.filters.build import Builder
from loyalty.adapters.sql.filters.unindexed import Unindexed
from loyalty.adapters.sql.prepared import KeyedSelect
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
_BY_VISIT = (_LAST.desc(), _ID.desc())
_LOOKED_AT_FIRST = 10_000
"""So many customers are looked at in the order of visits before all of them are."""
_CUSTOMERS, _ACCOUNTS = schema.customers, schema.loyalty_accounts
_LISTED = KeyedSelect(
    select(*WITH_ACCOUNT_COLUMNS, _SUMMARY.c.visits, _SUMMARY.c.spend_minor, _LAST.label("last_visit_at"))
    .select_from(
        _CUSTOMERS.join(_SUMMARY, _CUSTOMERS.c.id == _ID).outerjoin(
            _ACCOUNTS, _ACCOUNTS.c.customer_id == _CUSTOMERS.c.id
        )
    )
    .where(_SUMMARY.c.is_listed == true()),
    _CUSTOMERS.c.id,
)


class SqlDirectoryRepository:
    """Reads only."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def count(self, condition: Condition, moment: Moment) -> int:
        clause, values = _compiled(condition, moment)
        row = self._transaction.first(select(func.count().label("number")).where(clause), values)
        return int(row.number) if row is not None else 0

    def counted(self, condition: Condition, moment: Moment, limit: int) -> tuple[int, Sequence[Listed]]:
        ids = self._page(condition, moment, limit, None)
        return len(ids) if len(ids) < limit else self.count(condition, moment), self.listed(ids)

    def page(
        self, condition: Condition, moment: Moment, *, limit: int, after: Place | None = None
    ) -> Sequence[Listed]:
        return self.listed(self._page(condition, moment, limit, after))

    def _page(self, condition: Condition, moment: Moment, limit: int, after: Place | None) -> list[UUID]:
        """Of many, the next ones are met soon in the order of visits; otherwise one pass finds them."""
        met = self._met_soon(condition, moment, limit, after)
        return met if len(met) == limit else self._of_all(condition, moment, limit, after)

    def _met_soon(self, condition: Condition, moment: Moment, limit: int, after: Place | None) -> list[UUID]:
        """Those among the next customers who came, one looked at after the other, until there are enough."""
        if after is not None and after.last_visit_at is None:
            return []
        came = _LAST.is_not(None) if after is None else _came_before(after)
        next_ones = select(_LAST).where(came).order_by(*_BY_VISIT)
        farthest = self._transaction.first(next_ones.offset(_LOOKED_AT_FIRST).limit(1))
        is_near: ColumnElement[bool] = true()
        if farthest is not None:
            is_near = literal(farthest.visit_1_at, Microseconds()) <= _LAST
        clause, values = _compiled(condition, moment, is_walk=True)
        met = select(_ID).where(came, is_near, clause).order_by(*_BY_VISIT).limit(limit)
        return [row.customer_id for row in self._transaction.all(met, values)]

    def _of_all(self, condition: Condition, moment: Moment, limit: int, after: Place | None) -> list[UUID]:
        clause, values = _compiled(condition, moment)
        order = (Unindexed(_LAST).desc().nulls_last(), _ID.desc())
        found = select(_ID).where(clause, _is_after(after)).order_by(*order).limit(limit)
        return [row.customer_id for row in self._transaction.all(found, values)]

    def ids(self, condition: Condition, moment: Moment, after: UUID | None, limit: int) -> Sequence[UUID]:
        clause, values = _compiled(condition, moment)
        statement = select(_ID).where(clause, after < _ID if after is not None else true())
        return [
            row.customer_id for row in self._transaction.all(statement.order_by(_ID).limit(limit), values)
        ]

    def listed(self, customer_ids: Sequence[UUID]) -> Sequence[Listed]:
        rows = self._transaction.all_of(_LISTED, customer_ids)
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


def _is_after(place: Place | None) -> ColumnElement[bool]:
    """Whether a customer comes later in the list: who came last first, then who never came, newest first."""
    if place is None:
        return true()
    if place.last_visit_at is None:
        return and_(_LAST.is_(None), place.customer_id > _ID)
    return or_(_came_before(place), _LAST.is_(None))


def _came_before(place: Place) -> ColumnElement[bool]:
    return tuple_(_LAST, _ID) < tuple_(
        literal(place.last_visit_at, Microseconds()), literal(place.customer_id)
    )


def _compiled(
    condition: Condition, moment: Moment, *, is_walk: bool = False
) -> tuple[ColumnElement[bool], dict[str, Any]]:
    """The clause with its values; a walk looks at one customer after the other and ends soon."""
    late = LateValues()
    clause = Builder(late, is_for_one=is_walk).clause(condition)
    return and_(_SUMMARY.c.is_listed == true(), clause), dict(late.values(moment))
