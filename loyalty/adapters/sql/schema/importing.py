"""Imports of customers, their failed rows, how rows are known again, and what was before this system."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Uuid,
    text,
)

from loyalty.adapters.sql.schema.base import Json, Microseconds, UtcDateTime, id_column, metadata, reference

customer_imports = Table(
    "customer_imports",
    metadata,
    id_column(),
    reference("staff_id", "staff.id"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("file_name", String, nullable=False),
    Column("state", String, nullable=False, index=True),
    Column("sheet", Json),
    Column("plan", Json),
    Column("fault", Json, nullable=False),
    Column("done", Integer, nullable=False),
    Column("imported", Integer, nullable=False),
    Column("matched", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("points_left", Integer, nullable=False, server_default=text("0")),
    Column("position", BigInteger, nullable=False),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
)

customer_import_failures = Table(
    "customer_import_failures",
    metadata,
    Column("import_id", Uuid(), ForeignKey("customer_imports.id"), primary_key=True),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("faults", Json, nullable=False),
)

customer_import_likenesses = Table(
    "customer_import_likenesses",
    metadata,
    Column("import_id", Uuid(), ForeignKey("customer_imports.id"), primary_key=True),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("customer_id", Uuid(), ForeignKey("customers.id"), primary_key=True, index=True),
    Column("score", Float, nullable=False),
    Column("agreements", Json, nullable=False),
    Column("decision", String, CheckConstraint("decision IN ('same', 'other')", name="decision")),
    reference("decided_by", "staff.id", nullable=True),
    Column("decided_at", UtcDateTime),
    reference("made_id", "customers.id", nullable=True, index=True),
)

customer_import_prints = Table(
    "customer_import_prints",
    metadata,
    Column("print", String(128), primary_key=True),
    reference("customer_id", "customers.id", index=True),
)

customer_start_figures = Table(
    "customer_start_figures",
    metadata,
    Column("customer_id", Uuid(), ForeignKey("customers.id"), primary_key=True),
    Column("visits", Integer, CheckConstraint("visits >= 0", name="visits"), nullable=False),
    Column(
        "spend_minor", BigInteger, CheckConstraint("spend_minor >= 0", name="spend_minor"), nullable=False
    ),
    Column("first_visit_at", Microseconds),
    Column("last_visit_at", Microseconds),
)
Index("ix_customer_start_figures_last_visit_at", customer_start_figures.c.last_visit_at)
