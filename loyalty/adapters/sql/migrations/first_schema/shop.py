"""What the shop set up."""

import sqlalchemy as sa
from alembic import op

from loyalty.adapters.sql.schema.base import Json, UtcDateTime


def create() -> None:
    op.create_table(
        "setup_revision",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_setup_revision_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setup_revision")),
    )
    op.create_table(
        "shop_settings",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("store", sa.String(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("default_language", sa.String(), nullable=False),
        sa.Column("languages", Json, nullable=False),
        sa.Column("phone_region", sa.String(length=2), nullable=False),
        sa.Column("trust", Json, nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_shop_settings_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop_settings")),
    )
    op.create_table(
        "lanes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(), nullable=True),
        sa.Column("is_training", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_lanes_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lanes")),
        sa.UniqueConstraint("device", name=op.f("uq_lanes_device")),
        sa.UniqueConstraint("number", name=op.f("uq_lanes_number")),
    )
    op.create_table(
        "categories",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_categories")),
    )
    op.create_table(
        "tax_rates",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("rate_ppm", sa.Integer(), nullable=False),
        sa.Column("inclusion", sa.String(), nullable=False),
        sa.CheckConstraint("inclusion IN ('included', 'on_top')", name=op.f("ck_tax_rates_inclusion")),
        sa.CheckConstraint("rate_ppm >= 0 AND rate_ppm <= 1000000", name=op.f("ck_tax_rates_rate")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_rates")),
    )
    op.create_table(
        "items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("price_minor", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=True),
        sa.Column("barcode", sa.String(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_items_price")),
        sa.ForeignKeyConstraint(["category_id"], ["categories.id"], name=op.f("fk_items_category_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
    )
    op.create_index(
        "uq_items_active_barcode",
        "items",
        ["barcode"],
        unique=True,
        sqlite_where=sa.text("is_active = 1"),
        postgresql_where=sa.text("is_active"),
    )
    op.create_table(
        "item_tax_rates",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("tax_rate_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_item_tax_rates_item_id")),
        sa.ForeignKeyConstraint(
            ["tax_rate_id"], ["tax_rates.id"], name=op.f("fk_item_tax_rates_tax_rate_id")
        ),
        sa.PrimaryKeyConstraint("item_id", "tax_rate_id", name=op.f("pk_item_tax_rates")),
    )
    op.create_table(
        "programme_versions",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("valid_from", UtcDateTime(), nullable=False),
        sa.Column("accrual", Json, nullable=False),
        sa.Column("points_name_one", sa.String(), nullable=False),
        sa.Column("points_name_many", sa.String(), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_programme_versions")),
    )
    op.create_table(
        "reward_tiers",
        sa.Column("programme_version", sa.Integer(), nullable=False),
        sa.Column("tier_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("terms", Json, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 100", name=op.f("ck_reward_tiers_name_length")),
        sa.CheckConstraint("points > 0", name=op.f("ck_reward_tiers_points")),
        sa.ForeignKeyConstraint(
            ["programme_version"],
            ["programme_versions.version"],
            name=op.f("fk_reward_tiers_programme_version"),
        ),
        sa.PrimaryKeyConstraint("programme_version", "tier_id", name=op.f("pk_reward_tiers")),
    )
