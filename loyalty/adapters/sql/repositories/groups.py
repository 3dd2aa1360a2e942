"""Groups: picked by hand, or smart."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, delete, func, select, update

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.adapters.sql.json_values import group_discounts_to_json
from loyalty.adapters.sql.prepared import Prepared
from loyalty.adapters.sql.repositories.setup import SetupReader
from loyalty.adapters.sql.setup_cache import Setup
from loyalty.domain.filters import FilterSet, Known, Moment, filters_to_json
from loyalty.domain.group import Group

_MEMBERS = schema.group_members
_OF_CUSTOMER = Prepared(select(_MEMBERS.c.group_id).where(_MEMBERS.c.customer_id == bindparam("customer_id")))


class SqlGroupRepository:
    """Groups come from the cached set-up; who is in them is always read."""

    def __init__(self, transaction: Transaction, setup: SetupReader) -> None:
        self._transaction = transaction
        self._setup = setup
        self._ids_of: dict[tuple[UUID, Moment | None], tuple[UUID, ...]] = {}
        """Asked several times for each sale shown."""

    def add(self, group: Group) -> None:
        self._transaction.execute(schema.groups.insert(), _values(group))
        self._setup.changed()

    def save(self, group: Group) -> None:
        self._transaction.upsert(schema.groups, _values(group))
        self._setup.changed()

    def put_filters(self, group_id: UUID, filters: FilterSet, preset: str | None = None) -> None:
        self._transaction.execute(
            update(schema.groups)
            .where(schema.groups.c.id == group_id)
            .values(filters=filters_to_json(filters), preset=preset)
        )
        self._setup.changed()

    def presets(self) -> Mapping[UUID, str]:
        columns = schema.groups.c
        rows = self._transaction.all(
            select(columns.id, columns.preset).where(
                columns.preset.is_not(None), columns.archived_at.is_(None)
            )
        )
        return {row.id: row.preset for row in rows}

    def archive(self, group_id: UUID, at: datetime) -> None:
        columns = schema.groups.c
        found = self._transaction.first(select(columns.name).where(columns.id == group_id))
        if found is not None:
            free_name = f"{found.name} ({group_id})"  # the name may be given again
            self._transaction.execute(
                update(schema.groups)
                .where(columns.id == group_id, columns.archived_at.is_(None))
                .values(archived_at=at, name=free_name)
            )
            self._setup.changed()

    def all(self) -> Sequence[Group]:
        return tuple(self._setup.current.groups.values())

    def known(self) -> Known:
        return self._setup.current.known

    def smart(self) -> Mapping[UUID, FilterSet]:
        return self._setup.current.filters

    def of_customer(self, customer_id: UUID, moment: Moment | None = None) -> tuple[Group, ...]:
        setup = self._setup.current
        asked = (customer_id, moment if setup.filters else None)
        ids = self._ids_of.get(asked)
        if ids is None:
            ids = self._ids_of[asked] = self._find_ids(setup, *asked)
        return tuple(setup.groups[group_id] for group_id in ids if group_id in setup.groups)

    def _find_ids(self, setup: Setup, customer_id: UUID, moment: Moment | None) -> tuple[UUID, ...]:
        if moment is not None:
            return setup.membership.groups_of(self._transaction, customer_id, moment)
        rows = self._transaction.all(_OF_CUSTOMER, {"customer_id": customer_id})
        return tuple(row.group_id for row in rows)

    def add_member(self, group_id: UUID, customer_id: UUID, at: datetime) -> None:
        self._transaction.insert_new(
            _MEMBERS, {"group_id": group_id, "customer_id": customer_id, "added_at": at}
        )
        self._ids_of.clear()

    def remove_member(self, group_id: UUID, customer_id: UUID) -> None:
        self._transaction.execute(
            delete(_MEMBERS).where(_MEMBERS.c.group_id == group_id, _MEMBERS.c.customer_id == customer_id)
        )
        self._ids_of.clear()

    def count_members(self, group_id: UUID) -> int:
        row = self._transaction.first(
            select(func.count().label("number")).where(_MEMBERS.c.group_id == group_id)
        )
        return int(row.number) if row is not None else 0

    def members(self, group_id: UUID, limit: int) -> Sequence[tuple[datetime, UUID]]:
        columns = _MEMBERS.c
        rows = self._transaction.all(
            select(columns.added_at, columns.customer_id)
            .where(columns.group_id == group_id)
            .order_by(columns.added_at.desc(), columns.customer_id.desc())
            .limit(limit)
        )
        return [(row.added_at, row.customer_id) for row in rows]


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
