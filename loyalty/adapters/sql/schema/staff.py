"""Staff, roles, sessions, the owner's claim, counters of sign-in attempts."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Uuid,
    false,
)

from loyalty.adapters.sql.schema.base import Json, UtcDateTime, id_column, metadata, reference

roles = Table(
    "roles",
    metadata,
    id_column(),
    Column("name", String, nullable=False, unique=True),
    Column("permissions", Json, nullable=False),
    Column("is_owner", Boolean, nullable=False, server_default=false()),
)

staff = Table(
    "staff",
    metadata,
    id_column(),
    Column("login", String, nullable=False, unique=True),
    Column("display_name", String, nullable=False),
    Column("role_id", Uuid(), ForeignKey("roles.id"), nullable=False),
    Column("password_hash", String, nullable=False),
    Column("is_active", Boolean, nullable=False),
    reference("customer_id", "customers.id", nullable=True),
    Column("pin_hash", String),
    Column("pin_failures", Integer, nullable=False, server_default="0"),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    id_column(),
    reference("staff_id", "staff.id", index=True),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    Column("started_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("is_by_pin", Boolean, nullable=False, server_default=false()),
)

owner_claims = Table(
    "owner_claims",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1", name="one_row"), primary_key=True, autoincrement=False),
    Column("token_hash", LargeBinary(32), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

sign_in_attempts = Table(
    "sign_in_attempts",
    metadata,
    Column("id", Uuid(), primary_key=True),
    Column("key", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
Index("ix_sign_in_attempts_key_at", sign_in_attempts.c.key, sign_in_attempts.c.at)
