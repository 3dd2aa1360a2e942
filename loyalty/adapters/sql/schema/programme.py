"""Promotions, what the shop decides about its programme, and the draft of it.

Changes raise ``setup_revision``, but those of the draft and of job runs.
"""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Uuid

from loyalty.adapters.sql.schema.base import Json, UtcDateTime, id_column, metadata

promotions = Table(
    "promotions",
    metadata,
    id_column(),
    Column(
        "name",
        String(70),
        CheckConstraint("length(name) BETWEEN 1 AND 70", name="name_length"),
        nullable=False,
    ),
    Column("incentive", Json, nullable=False),
    Column("schedule", Json, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("minimum_spend_minor", Integer, nullable=False),
    Column("item_ids", Json, nullable=False),
    Column("category_ids", Json, nullable=False),
    Column("limit_times", Integer),
    Column("limit_per", String),
    Column("cancelled_at", UtcDateTime),
)

promotion_uses = Table(
    "promotion_uses",
    metadata,
    Column("sale_id", Uuid(), ForeignKey("sales.id"), primary_key=True),
    Column("promotion_id", Uuid(), ForeignKey("promotions.id"), nullable=False),
    Column("account_id", Uuid(), ForeignKey("loyalty_accounts.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
Index("ix_promotion_uses_account_id", promotion_uses.c.account_id)

loyalty_settings = Table(
    "loyalty_settings",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1", name="one_row"), primary_key=True, autoincrement=False),
    Column("value", Json, nullable=False),
)

programme_drafts = Table(
    "programme_drafts",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1", name="one_row"), primary_key=True, autoincrement=False),
    Column("base_version", Integer, ForeignKey("programme_versions.version"), nullable=False),
    Column("revision", Uuid(), nullable=False),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("content", Json, nullable=False),
    Column("steps", Json, nullable=False),
)

job_runs = Table(
    "job_runs",
    metadata,
    Column("name", String, primary_key=True),
    Column("cursor", Uuid()),
    Column("done", Integer, nullable=False),
    Column("finished_at", UtcDateTime),
)
