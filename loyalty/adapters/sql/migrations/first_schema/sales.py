"""Sales and identifications."""

import sqlalchemy as sa
from alembic import op

from loyalty.adapters.sql.schema.base import Json, UtcDateTime


def create() -> None:
    op.create_table(
        "sales",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lane_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("is_training", sa.Boolean(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("identification_id", sa.Uuid(), nullable=True),
        sa.Column("method", sa.String(), nullable=True),
        sa.Column("trust", sa.Integer(), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("discount_confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("completion_key", sa.String(length=128), nullable=True),
        sa.Column("receipt_number", sa.BigInteger(), nullable=True),
        sa.Column("total_minor", sa.BigInteger(), nullable=True),
        sa.Column("discount_minor", sa.BigInteger(), nullable=True),
        sa.Column("tax_minor", sa.BigInteger(), nullable=True),
        sa.Column("points_earned", sa.Integer(), nullable=True),
        sa.Column("points_redeemed", sa.Integer(), nullable=True),
        sa.Column("receipt", Json, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'completed') = (receipt_number IS NOT NULL)",
            name=op.f("ck_sales_completed_has_receipt"),
        ),
        sa.CheckConstraint(
            "(state IN ('completed', 'voided')) = (closed_at IS NOT NULL)",
            name=op.f("ck_sales_closed_has_date"),
        ),
        sa.CheckConstraint("state IN ('open', 'held', 'completed', 'voided')", name=op.f("ck_sales_state")),
        sa.ForeignKeyConstraint(["account_id"], ["loyalty_accounts.id"], name=op.f("fk_sales_account_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_sales_customer_id")),
        sa.ForeignKeyConstraint(
            ["discount_confirmed_by"], ["staff.id"], name=op.f("fk_sales_discount_confirmed_by")
        ),
        sa.ForeignKeyConstraint(["lane_id"], ["lanes.id"], name=op.f("fk_sales_lane_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["staff.id"], name=op.f("fk_sales_opened_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales")),
        sa.UniqueConstraint("completion_key", name=op.f("uq_sales_completion_key")),
        sa.UniqueConstraint("receipt_number", name=op.f("uq_sales_receipt_number")),
    )
    op.create_index("ix_sales_customer_closed", "sales", ["customer_id", "closed_at"], unique=False)
    op.create_index("ix_sales_lane_closed", "sales", ["lane_id", "closed_at"], unique=False)
    op.create_index(
        "ix_sales_unfinished",
        "sales",
        ["account_id"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "uq_sales_open_in_lane",
        "sales",
        ["lane_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "sale_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sale_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("unit_price_minor", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=True),
        sa.Column("tax_rates", Json, nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("quantity BETWEEN 1 AND 999", name=op.f("ck_sale_lines_quantity")),
        sa.CheckConstraint("unit_price_minor >= 0", name=op.f("ck_sale_lines_price")),
        sa.ForeignKeyConstraint(["category_id"], ["categories.id"], name=op.f("fk_sale_lines_category_id")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_sale_lines_item_id")),
        sa.ForeignKeyConstraint(["sale_id"], ["sales.id"], name=op.f("fk_sale_lines_sale_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sale_lines")),
    )
    op.create_index(op.f("ix_sale_lines_sale_id"), "sale_lines", ["sale_id"], unique=False)
    op.create_table(
        "sale_rewards",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sale_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tier_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("terms", Json, nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("points > 0", name=op.f("ck_sale_rewards_points")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["staff.id"], name=op.f("fk_sale_rewards_confirmed_by")),
        sa.ForeignKeyConstraint(["sale_id"], ["sales.id"], name=op.f("fk_sale_rewards_sale_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sale_rewards")),
    )
    op.create_index(op.f("ix_sale_rewards_sale_id"), "sale_rewards", ["sale_id"], unique=False)
    op.create_table(
        "counters",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counters")),
    )
    op.create_table(
        "identifications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("trust", sa.Integer(), nullable=False),
        sa.Column("lane_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("device_time", UtcDateTime(), nullable=True),
        sa.Column("sale_id", sa.Uuid(), nullable=True),
        sa.Column("attachment", sa.String(), nullable=False),
        sa.CheckConstraint("trust BETWEEN 0 AND 3", name=op.f("ck_identifications_trust")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["loyalty_accounts.id"], name=op.f("fk_identifications_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_identifications_customer_id")
        ),
        sa.ForeignKeyConstraint(["lane_id"], ["lanes.id"], name=op.f("fk_identifications_lane_id")),
        sa.ForeignKeyConstraint(["sale_id"], ["sales.id"], name=op.f("fk_identifications_sale_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identifications")),
    )
    op.create_index(op.f("ix_identifications_customer_id"), "identifications", ["customer_id"], unique=False)
    op.create_index(op.f("ix_identifications_sale_id"), "identifications", ["sale_id"], unique=False)
    op.create_index(op.f("ix_identifications_session_id"), "identifications", ["session_id"], unique=False)
    op.create_table(
        "ended_sessions",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_ended_sessions")),
    )
    op.create_index(op.f("ix_ended_sessions_ended_at"), "ended_sessions", ["ended_at"], unique=False)
