"""Registers beside the lanes, and which lanes they may speak for."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, LargeBinary, String, Table, Uuid, and_

from loyalty.adapters.sql.schema.base import UtcDateTime, id_column, metadata, reference

registers = Table(
    "registers",
    metadata,
    id_column(),
    Column("name", String, nullable=False),
    reference("staff_id", "staff.id"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("confirms", Boolean, nullable=False),
    Column("certificate", String(64)),
    Column("key_hash", LargeBinary(32)),
    Column("key_made_at", UtcDateTime),
    Column("last_used_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
)
_has_certificate = and_(registers.c.certificate.is_not(None), registers.c.revoked_at.is_(None))
Index(
    "uq_registers_certificate",
    registers.c.certificate,
    unique=True,
    sqlite_where=_has_certificate,
    postgresql_where=_has_certificate,
)

register_lanes = Table(
    "register_lanes",
    metadata,
    Column("register_id", Uuid(), ForeignKey("registers.id"), primary_key=True),
    Column("lane_id", Uuid(), ForeignKey("lanes.id"), primary_key=True),
)
