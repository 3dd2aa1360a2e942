"""In which groups one customer is: one query on the customer's summary, compiled once (row 111)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, exists, false, func, select

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.adapters.sql.filters.binds import LateValues
from loyalty.adapters.sql.filters.build import Builder
from loyalty.adapters.sql.prepared import Prepared
from loyalty.domain.filters.condition import Condition
from loyalty.domain.filters.period import Moment

_SUMMARY, _MEMBERS = schema.customer_summaries, schema.group_members


class MembershipQuery:
    """The question for all groups at once. Any thread.

    Args:
        manual: Groups whose members were picked.
        conditions: What smart groups ask.
    """

    def __init__(self, manual: Sequence[UUID], conditions: Mapping[UUID, Condition]) -> None:
        self._late = LateValues()
        self._group_ids = [*manual, *conditions]
        builder = Builder(self._late, is_for_one=True)
        picked = [
            exists(
                select(1)
                .where(_MEMBERS.c.group_id == group_id, _MEMBERS.c.customer_id == _SUMMARY.c.customer_id)
                .correlate(_SUMMARY)
            )
            for group_id in manual
        ]
        smart = [
            func.coalesce(and_(_SUMMARY.c.is_listed, builder.clause(each)), false())
            for each in conditions.values()
        ]
        columns = [clause.label(f"in_{number}") for number, clause in enumerate((*picked, *smart))]
        asked: Any = select(*columns)
        self._statement = Prepared(asked.where(_SUMMARY.c.customer_id == bindparam("customer_id")))

    def groups_of(self, transaction: Transaction, customer_id: UUID, moment: Moment) -> tuple[UUID, ...]:
        """Ids of the groups, in the order in which they were given."""
        if not self._group_ids:
            return ()
        values = {"customer_id": customer_id, **self._late.values(moment)}
        row = transaction.first(self._statement, values)
        if row is None:
            return ()
        return tuple(group_id for group_id, is_in in zip(self._group_ids, tuple(row), strict=True) if is_in)
