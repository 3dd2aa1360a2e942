"""Groups picked by hand."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, delete, select

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.adapters.sql.json_values import group_discounts_to_json
from loyalty.adapters.sql.prepared import Prepared
from loyalty.adapters.sql.repositories.setup import SetupReader
from loyalty.domain.group import Group

_MEMBERS = schema.group_members
_OF_CUSTOMER = Prepared(select(_MEMBERS.c.group_id).where(_MEMBERS.c.customer_id == bindparam("customer_id")))


class SqlGroupRepository:
    """Groups come from the cached set-up; who is in them is always read."""

    def __init__(self, transaction: Transaction, setup: SetupReader) -> None:
        self._transaction = transaction
        self._setup = setup
        self._ids_of: dict[UUID, tuple[UUID, ...]] = {}  # asked several times for each sale shown

    def add(self, group: Group) -> None:
        self._transaction.execute(schema.groups.insert(), _values(group))
        self._setup.changed()

    def save(self, group: Group) -> None:
        self._transaction.upsert(schema.groups, _values(group))
        self._setup.changed()

    def all(self) -> Sequence[Group]:
        return tuple(self._setup.current.groups.values())

    def of_customer(self, customer_id: UUID) -> tuple[Group, ...]:
        ids = self._ids_of.get(customer_id)
        if ids is None:
            rows = self._transaction.all(_OF_CUSTOMER, {"customer_id": customer_id})
            ids = self._ids_of[customer_id] = tuple(row.group_id for row in rows)
        groups = self._setup.current.groups
        return tuple(groups[group_id] for group_id in ids if group_id in groups)

    def add_member(self, group_id: UUID, customer_id: UUID, at: datetime) -> None:
        self._transaction.insert_new(
            _MEMBERS, {"group_id": group_id, "customer_id": customer_id, "added_at": at}
        )
        self._ids_of.pop(customer_id, None)

    def remove_member(self, group_id: UUID, customer_id: UUID) -> None:
        self._transaction.execute(
            delete(_MEMBERS).where(_MEMBERS.c.group_id == group_id, _MEMBERS.c.customer_id == customer_id)
        )
        self._ids_of.pop(customer_id, None)


def _values(group: Group) -> dict[str, object]:
    discount = group.discount
    return {
        "id": group.id,
        "name": group.name,
        "discount_rate_ppm": discount.rate_ppm if discount is not None else None,
        "scope_kind": discount.scope.kind.value if discount is not None else None,
        "scope_ids": sorted(str(scoped) for scoped in discount.scope.ids) if discount is not None else None,
        "further_discounts": group_discounts_to_json(group.further_discounts) or None,
    }
