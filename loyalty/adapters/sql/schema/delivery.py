"""Exactly-once bookkeeping: processed events, dead letters, messages to publish."""

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, String, Table, Text, Uuid

from loyalty.adapters.sql.schema.base import UtcDateTime, id_column, metadata

processed_events = Table(
    "processed_events",
    metadata,
    Column("source", String, primary_key=True),
    Column("event_id", Uuid(), primary_key=True),
    Column("digest", LargeBinary(32), nullable=False),
    Column("result", Text, nullable=False),
    Column("processed_at", UtcDateTime, nullable=False, index=True),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    id_column(),
    Column("reason", String, nullable=False),
    Column("source", String, nullable=False),
    Column("topic", String, nullable=False),
    Column(
        "payload",
        LargeBinary,
        CheckConstraint("length(payload) <= 16384", name="payload_size"),
        nullable=False,
    ),
    Column("received_at", UtcDateTime, nullable=False),
)

outbound_messages = Table(
    "outbound_messages",
    metadata,
    id_column(),
    Column("topic", String, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("published_at", UtcDateTime),
)
Index(
    "ix_outbound_messages_unpublished",
    outbound_messages.c.created_at,
    sqlite_where=outbound_messages.c.published_at.is_(None),
    postgresql_where=outbound_messages.c.published_at.is_(None),
)
