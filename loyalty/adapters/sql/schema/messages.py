"""Messages to members and the links they carry."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, LargeBinary, String, Table, Text, Uuid

from loyalty.adapters.sql.schema.base import UtcDateTime, id_column, metadata, reference

member_messages = Table(
    "member_messages",
    metadata,
    id_column(),
    Column("event_key", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),
    reference("customer_id", "customers.id", nullable=True, index=True),
    Column("to", String, nullable=False),
    Column("language", String, nullable=False),
    Column("body", Text, nullable=False),
    Column("queued_at", UtcDateTime, nullable=False),
    Column(
        "state",
        String,
        CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'refused', 'unknown', 'dropped')", name="state"
        ),
        nullable=False,
    ),
    Column("attempts", Integer, nullable=False),
    Column("settled_at", UtcDateTime),
    Column("due_at", UtcDateTime),
    Column("expires_at", UtcDateTime),
    Column("device", String),
    Column("opt_out_link", String),
    Column("html", Text),
    Column("detail", String, nullable=False, server_default=""),
    Column("courier", String),
    Column("handed_at", UtcDateTime),
    Column("cost_minor", Integer, nullable=False, server_default="0"),
)
Index(
    "ix_member_messages_queued",
    member_messages.c.queued_at,
    sqlite_where=member_messages.c.state == "queued",
    postgresql_where=member_messages.c.state == "queued",
)

Index("ix_member_messages_handed_at", member_messages.c.handed_at)
Index("ix_member_messages_to_handed_at", member_messages.c.to, member_messages.c.handed_at)
Index(
    "ix_member_messages_open",
    member_messages.c.state,
    sqlite_where=member_messages.c.state.in_(("sending", "unknown")),
    postgresql_where=member_messages.c.state.in_(("sending", "unknown")),
)

message_decisions = Table(
    "message_decisions",
    metadata,
    id_column(),
    reference("message_id", "member_messages.id", index=True),
    reference("staff_id", "staff.id"),
    Column(
        "decision",
        String,
        CheckConstraint("decision IN ('send_again', 'give_up')", name="decision"),
        nullable=False,
    ),
    Column("at", UtcDateTime, nullable=False),
)

message_suppressions = Table(
    "message_suppressions",
    metadata,
    Column("address", String, primary_key=True),
    Column("reason", String, nullable=False),
    Column("source", String, nullable=False),
    Column("since", UtcDateTime, nullable=False),
)

one_time_codes = Table(
    "one_time_codes",
    metadata,
    id_column(),
    Column("session_id", Uuid(), nullable=False, index=True),
    Column("action", String, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("sent_at", UtcDateTime, nullable=False, index=True),
    Column("tries", Integer, nullable=False),
    Column("used_at", UtcDateTime),
    reference("customer_id", "customers.id", nullable=True, index=True),
)

opt_out_links = Table(
    "opt_out_links",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    reference("customer_id", "customers.id", nullable=True, index=True),
    Column("address", String, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

status_links = Table(
    "status_links",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    reference("customer_id", "customers.id", index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
)
