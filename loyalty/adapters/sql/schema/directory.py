"""Customers, cards, consents, groups."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    Uuid,
    false,
    func,
)

from loyalty.adapters.sql.schema.base import Json, UtcDateTime, id_column, metadata, reference

customers = Table(
    "customers",
    metadata,
    id_column(),
    Column("source", String, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("given_name", String),
    Column("family_name", String),
    Column("email_address", String, index=True),
    Column("phone_number", String, index=True),
    Column("reference_id", String, index=True),
    Column("company_name", String),
    Column("note", Text),
    Column("language", String),
    Column("version", Integer, CheckConstraint("version > 0", name="version"), nullable=False),
    Column("nickname", String),
    Column("preferences", Text),
    Column("is_email_private", Boolean, nullable=False, server_default=false()),
    Column("email_bounced_at", UtcDateTime),
    reference("merged_into", "customers.id", nullable=True),
    Column("erased_at", UtcDateTime),
)
Index("ix_customers_email_folded", func.lower(customers.c.email_address))
Index(
    "ix_customers_merged_into",
    customers.c.merged_into,
    sqlite_where=customers.c.merged_into.is_not(None),
    postgresql_where=customers.c.merged_into.is_not(None),
)

membership_cards = Table(
    "membership_cards",
    metadata,
    id_column(),
    reference("customer_id", "customers.id", index=True),
    Column("issued_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
)

card_steps = Table(
    "card_steps",
    metadata,
    Column("card_id", Uuid(), ForeignKey("membership_cards.id"), primary_key=True),
    Column("step", Integer, primary_key=True, autoincrement=False),
    Column("used_at", UtcDateTime, nullable=False),
)

consent_entries = Table(
    "consent_entries",
    metadata,
    id_column(),
    reference("customer_id", "customers.id", index=True),
    Column("purpose", String, nullable=False),
    Column(
        "state", String, CheckConstraint("state IN ('granted', 'withdrawn')", name="state"), nullable=False
    ),
    Column("at", UtcDateTime, nullable=False),
    Column("wording_id", String, nullable=False),
    Column("wording_text", Text, nullable=False),
    Column("channel", String, nullable=False),
    Column("device", String),
    reference("staff_id", "staff.id", nullable=True),
)

groups = Table(
    "groups",
    metadata,
    id_column(),
    Column("name", String, nullable=False, unique=True),
    Column(
        "discount_rate_ppm",
        Integer,
        CheckConstraint("discount_rate_ppm > 0 AND discount_rate_ppm <= 1000000", name="discount"),
    ),
    Column("scope_kind", String),
    Column("scope_ids", Json),
    Column("further_discounts", Json),
    Column("filters", Json),
    Column("preset", String),
    Column("archived_at", UtcDateTime),
)

group_members = Table(
    "group_members",
    metadata,
    Column("group_id", Uuid(), ForeignKey("groups.id"), primary_key=True),
    Column("customer_id", Uuid(), ForeignKey("customers.id"), primary_key=True, index=True),
    Column("added_at", UtcDateTime, nullable=False),
)
