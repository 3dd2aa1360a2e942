"""What a profile holds besides the customer's own row: addresses, custom fields, notes, attachments."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    String,
    Table,
    Text,
    Uuid,
)

from loyalty.adapters.sql.schema.base import Json, UtcDateTime, id_column, metadata, reference

customer_addresses = Table(
    "customer_addresses",
    metadata,
    id_column(),
    reference("customer_id", "customers.id", index=True),
    Column("position", Integer, nullable=False),
    Column("label", String),
    Column("line_1", String),
    Column("line_2", String),
    Column("locality", String),
    Column("administrative_area", String),
    Column("postal_code", String, index=True),
    Column("country", String(2)),
)

custom_fields = Table(
    "custom_fields",
    metadata,
    id_column(),
    Column("name", String, nullable=False),
    Column(
        "kind",
        String,
        CheckConstraint(
            "kind IN ('text', 'number', 'date', 'email', 'phone', 'toggle', 'selection')", name="kind"
        ),
        nullable=False,
    ),
    Column("choices", Json, nullable=False),
    Column("position", Integer, nullable=False),
    Column("archived_at", UtcDateTime),
)
Index(
    "uq_custom_fields_living_name",
    custom_fields.c.name,
    unique=True,
    sqlite_where=custom_fields.c.archived_at.is_(None),
    postgresql_where=custom_fields.c.archived_at.is_(None),
)

custom_values = Table(
    "custom_values",
    metadata,
    Column("customer_id", Uuid(), ForeignKey("customers.id"), primary_key=True),
    Column("field_id", Uuid(), ForeignKey("custom_fields.id"), primary_key=True),
    Column("text", Text, nullable=False),
    Column("number", Numeric(24, 6)),
)
Index("ix_custom_values_field_text", custom_values.c.field_id, custom_values.c.text)

customer_notes = Table(
    "customer_notes",
    metadata,
    id_column(),
    reference("customer_id", "customers.id", index=True),
    Column("text", Text, nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
    reference("written_by", "staff.id", nullable=True),
)

customer_attachments = Table(
    "customer_attachments",
    metadata,
    id_column(),
    reference("customer_id", "customers.id", index=True),
    Column("digest", String(64), nullable=False, index=True),
    Column("file_name", String, nullable=False),
    Column("media_type", String, nullable=False),
    Column("size_bytes", Integer, CheckConstraint("size_bytes > 0", name="size"), nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    reference("added_by", "staff.id", nullable=True),
)

profile_settings = Table(
    "profile_settings",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1", name="one_row"), primary_key=True, autoincrement=False),
    Column("settings", Json, nullable=False),
)
