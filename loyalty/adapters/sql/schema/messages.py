"""Messages to members and the links they carry."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, LargeBinary, String, Table, Text

from loyalty.adapters.sql.schema.base import UtcDateTime, id_column, metadata, reference

member_messages = Table(
    "member_messages",
    metadata,
    id_column(),
    Column("event_key", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),
    reference("customer_id", "customers.id", index=True),
    Column("to", String, nullable=False),
    Column("language", String, nullable=False),
    Column("body", Text, nullable=False),
    Column("queued_at", UtcDateTime, nullable=False),
    Column(
        "state",
        String,
        CheckConstraint("state IN ('queued', 'sent', 'refused', 'unknown')", name="state"),
        nullable=False,
    ),
    Column("attempts", Integer, nullable=False),
    Column("settled_at", UtcDateTime),
)
Index(
    "ix_member_messages_queued",
    member_messages.c.queued_at,
    sqlite_where=member_messages.c.state == "queued",
    postgresql_where=member_messages.c.state == "queued",
)

status_links = Table(
    "status_links",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    reference("customer_id", "customers.id", index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
)
