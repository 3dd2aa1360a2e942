"""Registers and their keys in SQL."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select, update

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.domain.register import Register

_REGISTERS, _LANES = schema.registers, schema.register_lanes


class SqlRegisterRepository:
    """See ``loyalty.ports.registers.RegisterRepository``."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def save(self, register: Register) -> None:
        values = {
            "name": register.name,
            "staff_id": register.staff_id,
            "created_at": register.created_at,
            "confirms": register.confirms,
            "certificate": register.certificate,
            "key_made_at": register.key_made_at,
            "revoked_at": register.revoked_at,
        }
        if self.get(register.id) is None:
            self._transaction.execute(_REGISTERS.insert(), {"id": register.id, **values})
        else:
            self._transaction.execute(
                update(_REGISTERS).where(_REGISTERS.c.id == register.id).values(**values)
            )
        self._transaction.execute(delete(_LANES).where(_LANES.c.register_id == register.id))
        rows = [{"register_id": register.id, "lane_id": lane_id} for lane_id in register.lane_ids]
        if rows:
            self._transaction.execute(_LANES.insert(), rows)

    def put_key_hash(self, register_id: UUID, key_hash: bytes | None) -> None:
        self._transaction.execute(
            update(_REGISTERS).where(_REGISTERS.c.id == register_id).values(key_hash=key_hash)
        )

    def get(self, register_id: UUID) -> Register | None:
        return self._one(_REGISTERS.c.id == register_id)

    def key_hash_of(self, register_id: UUID) -> bytes | None:
        row = self._transaction.first(select(_REGISTERS.c.key_hash).where(_REGISTERS.c.id == register_id))
        return bytes(row.key_hash) if row is not None and row.key_hash is not None else None

    def by_certificate(self, name: str) -> Register | None:
        return self._one(_REGISTERS.c.certificate == name, _REGISTERS.c.revoked_at.is_(None))

    def all(self) -> Sequence[Register]:
        lanes: dict[UUID, list[UUID]] = defaultdict(list)
        for row in self._transaction.all(select(_LANES)):
            lanes[row.register_id].append(row.lane_id)
        rows = self._transaction.all(select(_REGISTERS).order_by(_REGISTERS.c.created_at, _REGISTERS.c.id))
        return [_register(row, lanes[row.id]) for row in rows]

    def note_use(self, register_id: UUID, at: datetime) -> None:
        self._transaction.execute(
            update(_REGISTERS).where(_REGISTERS.c.id == register_id).values(last_used_at=at)
        )

    def _one(self, *where: Any) -> Register | None:
        row = self._transaction.first(select(_REGISTERS).where(*where))
        if row is None:
            return None
        lanes = self._transaction.all(select(_LANES.c.lane_id).where(_LANES.c.register_id == row.id))
        return _register(row, [each.lane_id for each in lanes])


def _register(row: Row[Any], lane_ids: Sequence[UUID]) -> Register:
    return Register(
        id=row.id,
        name=row.name,
        staff_id=row.staff_id,
        lane_ids=tuple(sorted(lane_ids)),
        created_at=row.created_at,
        confirms=row.confirms,
        certificate=row.certificate,
        key_made_at=row.key_made_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )
