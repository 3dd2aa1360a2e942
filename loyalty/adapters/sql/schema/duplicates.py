"""Pairs of customers that may be one person, and merges."""

from sqlalchemy import CheckConstraint, Column, Float, ForeignKey, Index, String, Table, Uuid

from loyalty.adapters.sql.schema.base import Json, UtcDateTime, id_column, metadata, reference

duplicate_pairs = Table(
    "duplicate_pairs",
    metadata,
    Column("first_id", Uuid(), ForeignKey("customers.id"), primary_key=True),
    Column("second_id", Uuid(), ForeignKey("customers.id"), primary_key=True, index=True),
    Column("score", Float, nullable=False),
    Column("agreements", Json, nullable=False),
    Column("found_at", UtcDateTime, nullable=False),
    Column(
        "state", String, CheckConstraint("state IN ('open', 'apart', 'merged')", name="state"), nullable=False
    ),
    Column("decided_at", UtcDateTime),
    reference("decided_by", "staff.id", nullable=True),
    CheckConstraint("first_id < second_id", name="in_order"),
)
Index(
    "ix_duplicate_pairs_open",
    duplicate_pairs.c.score,
    sqlite_where=duplicate_pairs.c.state == "open",
    postgresql_where=duplicate_pairs.c.state == "open",
)

merges = Table(
    "merges",
    metadata,
    id_column(),
    reference("kept_id", "customers.id", index=True),
    reference("gone_id", "customers.id", index=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    reference("staff_id", "staff.id"),
    Column("record", Json),
    Column("undone_at", UtcDateTime),
    reference("undone_by", "staff.id", nullable=True),
    CheckConstraint("kept_id <> gone_id", name="two_profiles"),
)
