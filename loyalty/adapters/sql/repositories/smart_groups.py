"""Lists of smart groups."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Row,
    and_,
    case,
    delete,
    false,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    union_all,
    update,
)

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.adapters.sql.filters.binds import LateValues
from loyalty.adapters.sql.filters.build import Builder
from loyalty.adapters.sql.schema.base import Microseconds
from loyalty.adapters.sql.search_index import index_customers
from loyalty.domain.filters.condition import Condition
from loyalty.domain.filters.period import Moment, Span
from loyalty.domain.filters.timelines import Timeline
from loyalty.ports.smart_groups import BuildSlice, Cause, Change, GroupChange, GroupState, Movement

_TURN = 0x636F6D70746F6972
"""Any number that nothing else in this database locks: "comptoir"."""
_STATES, _MEMBERS = schema.smart_group_states, schema.smart_group_members
_CHANGES, _TOUCHED = schema.smart_group_changes, schema.customers_touched
_SUMMARY = schema.customer_summaries
_STARTS = schema.customer_start_figures
_DATES: dict[Timeline, tuple[tuple[Any, Any], ...]] = {
    Timeline.PURCHASES: (
        (schema.customer_purchases.c.at, schema.customer_purchases.c.customer_id),
        (_STARTS.c.last_visit_at, _STARTS.c.customer_id),  # a visit that came along passes by like others
    ),
    Timeline.ENROLLED: ((_SUMMARY.c.enrolled_at, _SUMMARY.c.customer_id),),
    Timeline.CREATED: ((_SUMMARY.c.created_at, _SUMMARY.c.customer_id),),
    Timeline.MESSAGES: ((schema.received_messages.c.at, schema.received_messages.c.customer_id),),
}


class SqlSmartGroupRepository:
    """See ``loyalty.ports.smart_groups.SmartGroupRepository``."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def take_turn(self) -> bool:
        """Never waits: whoever holds the lock does the work, and a counter has other things to do."""
        if self._transaction.is_sqlite:  # holds its one write lock anyway
            return True
        row = self._transaction.first(select(func.pg_try_advisory_xact_lock(_TURN).label("is_ours")))
        return row is not None and bool(row.is_ours)

    def state(self, group_id: UUID) -> GroupState | None:
        row = self._transaction.first(select(_STATES).where(_STATES.c.group_id == group_id))
        return GroupState(**row._mapping) if row is not None else None

    def save_state(self, state: GroupState) -> None:
        values = asdict(state)
        if self.state(state.group_id) is None:
            self._transaction.execute(_STATES.insert(), values)
            return
        del values["members"]
        self._transaction.execute(
            update(_STATES).where(_STATES.c.group_id == state.group_id).values(**values)
        )

    def slice(self, group_id: UUID, condition: Condition, moment: Moment, limit: int) -> BuildSlice:
        state = self.state(group_id)
        after = state.built_up_to if state is not None else None
        ids = _SUMMARY.c.customer_id
        start = ids > after if after is not None else true()
        rows = self._transaction.all(select(ids).where(start).order_by(ids).limit(limit))
        if not rows:
            return BuildSlice(None, frozenset(), frozenset())
        last = rows[-1].customer_id
        within = and_(start, ids <= last)
        found = self._matching(condition, moment, within, is_for_one=False)
        listed = _MEMBERS.c.customer_id
        in_range = and_(listed > after if after is not None else true(), listed <= last)
        members = self._transaction.all(select(listed).where(_MEMBERS.c.group_id == group_id, in_range))
        return BuildSlice(last, found, frozenset(row.customer_id for row in members))

    def belong(self, condition: Condition, moment: Moment, customer_ids: Collection[UUID]) -> frozenset[UUID]:
        if not customer_ids:
            return frozenset()
        chosen = _SUMMARY.c.customer_id.in_(list(customer_ids))
        return self._matching(condition, moment, chosen, is_for_one=True)

    def are_in(self, group_id: UUID, customer_ids: Collection[UUID]) -> frozenset[UUID]:
        if not customer_ids:
            return frozenset()
        rows = self._transaction.all(
            select(_MEMBERS.c.customer_id).where(
                _MEMBERS.c.group_id == group_id, _MEMBERS.c.customer_id.in_(list(customer_ids))
            )
        )
        return frozenset(row.customer_id for row in rows)

    def change(self, changes: Sequence[GroupChange], *, is_told: bool) -> None:
        if not changes:
            return
        joined = [each for each in changes if each.change is Change.JOINED]
        left = [each for each in changes if each.change is Change.LEFT]
        self._transaction.upsert_all(
            _MEMBERS,
            [
                {"group_id": each.group_id, "customer_id": each.customer_id, "since": each.at}
                for each in joined
            ],
        )
        for each in left:
            self._transaction.execute(
                delete(_MEMBERS).where(
                    _MEMBERS.c.group_id == each.group_id, _MEMBERS.c.customer_id == each.customer_id
                )
            )
        for group_id in {each.group_id for each in changes}:
            more = sum(1 for each in joined if each.group_id == group_id)
            fewer = sum(1 for each in left if each.group_id == group_id)
            self._transaction.execute(
                update(_STATES)
                .where(_STATES.c.group_id == group_id)
                .values(members=_STATES.c.members + more - fewer)
            )
        if is_told:
            rows = [
                asdict(each) | {"change": each.change.value, "cause": each.cause.value} for each in changes
            ]
            self._transaction.execute(_CHANGES.insert(), rows)

    def crossing(self, timeline: Timeline, span: Span, limit: int) -> Sequence[tuple[datetime, UUID]]:
        if span.since is None or span.until is None or span.since >= span.until:
            return []
        since, until = span.since, span.until

        def dates(last: datetime | None = None) -> Any:
            parts = [
                select(at.label("at"), customer_id.label("customer_id")).where(
                    at >= since, at < until, *([at <= last] if last is not None else [])
                )
                for at, customer_id in _DATES[timeline]
            ]
            return union_all(*parts).order_by("at") if len(parts) > 1 else parts[0].order_by("at")

        rows = self._transaction.all(dates().limit(limit))
        if len(rows) == limit:  # all of the last instant too, however many share it
            rows = self._transaction.all(dates(rows[-1].at))
        return [(row.at, row.customer_id) for row in rows]

    def with_birthdays(self, days: Collection[tuple[int, int]]) -> Sequence[UUID]:
        columns = schema.customer_birthdays.c
        is_one = or_(
            false(), *(and_(columns.month == month, columns.day == day) for month, day in sorted(days))
        )
        return [row.customer_id for row in self._transaction.all(select(columns.customer_id).where(is_one))]

    def take_touched(self, limit: int) -> Sequence[UUID]:
        rows = self._transaction.all(
            select(_TOUCHED.c.customer_id).order_by(_TOUCHED.c.customer_id).limit(limit)
        )
        ids = [row.customer_id for row in rows]
        if ids:
            self._transaction.execute(delete(_TOUCHED).where(_TOUCHED.c.customer_id.in_(ids)))
            index_customers(self._transaction, ids)
        return ids

    def members(
        self, group_id: UUID, limit: int, after: tuple[datetime, UUID] | None = None
    ) -> Sequence[tuple[datetime, UUID]]:
        columns = _MEMBERS.c
        statement = select(columns.since, columns.customer_id).where(columns.group_id == group_id)
        if after is not None:
            place = tuple_(literal(after[0], Microseconds()), literal(after[1]))
            statement = statement.where(tuple_(columns.since, columns.customer_id) < place)
        ordered = statement.order_by(columns.since.desc(), columns.customer_id.desc())
        return [(row.since, row.customer_id) for row in self._transaction.all(ordered.limit(limit))]

    def changes(self, group_id: UUID, limit: int) -> Sequence[GroupChange]:
        statement = select(_CHANGES).where(_CHANGES.c.group_id == group_id)
        ordered = statement.order_by(_CHANGES.c.at.desc(), _CHANGES.c.id.desc()).limit(limit)
        return [_change(row) for row in self._transaction.all(ordered)]

    def movements(self, group_id: UUID, edges: Sequence[datetime]) -> Sequence[Movement]:
        spans = list(pairwise(edges))
        at = _CHANGES.c.at
        counted = [
            func.sum(case((and_(at >= since, at < until), 1), else_=0)).label(f"in_{number}")
            for number, (since, until) in enumerate(spans)
        ]
        within = (_CHANGES.c.group_id == group_id, at >= edges[0], at < edges[-1])
        statement = select(_CHANGES.c.change, *counted).where(*within).group_by(_CHANGES.c.change)
        found = {row.change: tuple(row)[1:] for row in self._transaction.all(statement)}
        nothing = (0,) * len(spans)
        joined, left = (found.get(each.value, nothing) for each in (Change.JOINED, Change.LEFT))
        return [
            Movement(since, int(more), int(fewer))
            for (since, _), more, fewer in zip(spans, joined, left, strict=True)
        ]

    def _matching(
        self, condition: Condition, moment: Moment, among: Any, *, is_for_one: bool
    ) -> frozenset[UUID]:
        late = LateValues()
        clause = Builder(late, is_for_one=is_for_one).clause(condition)
        statement = select(_SUMMARY.c.customer_id).where(
            among, _SUMMARY.c.is_listed == true(), func.coalesce(clause, false())
        )
        rows = self._transaction.all(statement, late.values(moment))
        return frozenset(row.customer_id for row in rows)


def _change(row: Row[Any]) -> GroupChange:
    return GroupChange(row.id, row.group_id, row.customer_id, Change(row.change), Cause(row.cause), row.at)
