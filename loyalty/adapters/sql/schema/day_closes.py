"""Closes of lanes' days."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    UniqueConstraint,
    Uuid,
)

from loyalty.adapters.sql.schema.base import Json, UtcDateTime, id_column, metadata, reference

day_closes = Table(
    "day_closes",
    metadata,
    id_column(),
    reference("lane_id", "lanes.id"),
    Column("number", Integer, CheckConstraint("number > 0", name="number"), nullable=False),
    Column("first_receipt", BigInteger, nullable=False),
    Column("last_receipt", BigInteger, nullable=False),
    Column("closed_at", UtcDateTime, nullable=False, index=True),
    reference("closed_by", "staff.id"),
    Column("takings", Json, nullable=False),
    Column("float_minor", BigInteger, nullable=False),
    Column("counted_minor", BigInteger, nullable=False),
    Column("note", String),
    UniqueConstraint("lane_id", "number"),
)

day_close_refunds = Table(
    "day_close_refunds",
    metadata,
    Column("refund_id", Uuid(), ForeignKey("refunds.id"), primary_key=True),
    Column("close_id", Uuid(), ForeignKey("day_closes.id"), nullable=False),
)
