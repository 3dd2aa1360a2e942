"""Promotions, settings of the programme, runs of clock work."""

import sqlalchemy as sa
from alembic import op

from loyalty.adapters.sql.schema.base import Json, UtcDateTime


def create() -> None:
    op.create_table(
        "promotions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=70), nullable=False),
        sa.Column("incentive", Json, nullable=False),
        sa.Column("schedule", Json, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("minimum_spend_minor", sa.Integer(), nullable=False),
        sa.Column("item_ids", Json, nullable=False),
        sa.Column("category_ids", Json, nullable=False),
        sa.Column("limit_times", sa.Integer(), nullable=True),
        sa.Column("limit_per", sa.String(), nullable=True),
        sa.Column("cancelled_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 70", name=op.f("ck_promotions_name_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotions")),
    )
    op.create_table(
        "promotion_uses",
        sa.Column("sale_id", sa.Uuid(), nullable=False),
        sa.Column("promotion_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["sale_id"], ["sales.id"], name=op.f("fk_promotion_uses_sale_id")),
        sa.ForeignKeyConstraint(
            ["promotion_id"], ["promotions.id"], name=op.f("fk_promotion_uses_promotion_id")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["loyalty_accounts.id"], name=op.f("fk_promotion_uses_account_id")
        ),
        sa.PrimaryKeyConstraint("sale_id", name=op.f("pk_promotion_uses")),
    )
    op.create_index("ix_promotion_uses_account_id", "promotion_uses", ["account_id"])
    op.create_table(
        "loyalty_settings",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", Json, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_loyalty_settings_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loyalty_settings")),
    )
    op.create_table(
        "job_runs",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("cursor", sa.Uuid(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_runs")),
    )
