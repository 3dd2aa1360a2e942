"""Registers in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from loyalty.domain.register import Register
from loyalty.errors import ConflictError


@dataclass
class RegisterTables:
    """Registers and the hashes of their keys."""

    registers: dict[UUID, Register] = field(default_factory=dict)
    key_hashes: dict[UUID, bytes] = field(default_factory=dict)

    def copy(self) -> "RegisterTables":
        return RegisterTables(self.registers.copy(), self.key_hashes.copy())


class InMemoryRegisters:
    """See ``loyalty.ports.registers.RegisterRepository``."""

    def __init__(self, tables: Any) -> None:
        self._tables: RegisterTables = tables.registers

    def save(self, register: Register) -> None:
        holder = self.by_certificate(register.certificate) if register.certificate is not None else None
        if register.is_active and holder is not None and holder.id != register.id:
            raise ConflictError("certificate taken")
        before = self._tables.registers.get(register.id)
        last_used_at = before.last_used_at if before is not None else None
        lane_ids = tuple(sorted(register.lane_ids))
        self._tables.registers[register.id] = replace(register, lane_ids=lane_ids, last_used_at=last_used_at)

    def put_key_hash(self, register_id: UUID, key_hash: bytes | None) -> None:
        if key_hash is None:
            self._tables.key_hashes.pop(register_id, None)
        else:
            self._tables.key_hashes[register_id] = key_hash

    def get(self, register_id: UUID) -> Register | None:
        return self._tables.registers.get(register_id)

    def key_hash_of(self, register_id: UUID) -> bytes | None:
        return self._tables.key_hashes.get(register_id)

    def by_certificate(self, name: str) -> Register | None:
        return next(
            (each for each in self._tables.registers.values() if each.certificate == name and each.is_active),
            None,
        )

    def all(self) -> Sequence[Register]:
        return sorted(self._tables.registers.values(), key=lambda each: (each.created_at, each.id))

    def note_use(self, register_id: UUID, at: datetime) -> None:
        self._tables.registers[register_id] = replace(self._tables.registers[register_id], last_used_at=at)
