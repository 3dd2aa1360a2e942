"""Tables of customers' activity and of smart groups."""

import sqlalchemy as sa
from alembic import op

from loyalty.adapters.sql.schema.base import Json, Microseconds, UtcDateTime


def create() -> None:
    _create_summaries()
    _create_purchases()
    _create_smart_groups()
    _widen()


def _create_summaries() -> None:
    op.create_table(
        "customer_summaries",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("is_listed", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("visits", sa.Integer(), nullable=False, server_default=sa.text("0")),
        *(sa.Column(f"visit_{number}_at", Microseconds()) for number in range(1, 6)),
        sa.Column("enrolled_at", Microseconds()),
        sa.Column("balance", sa.Integer()),
        sa.Column("email_reach", sa.String(length=7)),
        sa.Column("is_reached_by_sms", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("last_payment_at", Microseconds()),
        sa.Column("spend_minor", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("tenders", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("birth_month", sa.SmallInteger()),
        sa.Column("birth_day", sa.SmallInteger()),
        sa.Column("first_visit_at", Microseconds()),
        sa.Column("created_at", Microseconds()),
        sa.Column("source", sa.String()),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_customer_summaries_customer_id")
        ),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_customer_summaries")),
        sqlite_with_rowid=False,
    )
    for column in ("visit_1_at", "enrolled_at"):
        op.create_index(f"ix_customer_summaries_{column}", "customer_summaries", [column])
    op.create_table(
        "customers_touched",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_customers_touched")),
        sqlite_with_rowid=False,
    )


def _create_purchases() -> None:
    op.create_table(
        "customer_purchases",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("at", Microseconds(), nullable=False),
        sa.Column("sale_id", sa.Uuid(), nullable=False),
        sa.Column("lane_id", sa.Uuid(), nullable=False),
        sa.Column("spend_minor", sa.BigInteger(), nullable=False),
        sa.Column("is_visit", sa.Boolean(), nullable=False),
        sa.Column("tenders", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_customer_purchases_customer_id")
        ),
        sa.ForeignKeyConstraint(["sale_id"], ["sales.id"], name=op.f("fk_customer_purchases_sale_id")),
        sa.PrimaryKeyConstraint("customer_id", "at", "sale_id", name=op.f("pk_customer_purchases")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_customer_purchases_at", "customer_purchases", ["at"])
    op.create_index("ix_customer_purchases_lane_at", "customer_purchases", ["lane_id", "at"])
    op.create_table(
        "purchase_cards",
        sa.Column("sale_id", sa.Uuid(), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("last_four", sa.String(length=4), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("at", Microseconds(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_purchase_cards_customer_id")
        ),
        sa.ForeignKeyConstraint(["sale_id"], ["sales.id"], name=op.f("fk_purchase_cards_sale_id")),
        sa.PrimaryKeyConstraint("sale_id", "brand", "last_four", name=op.f("pk_purchase_cards")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_purchase_cards_customer_id", "purchase_cards", ["customer_id"])
    op.create_index("ix_purchase_cards_last_four", "purchase_cards", ["last_four", "brand", "at"])
    op.create_index("ix_purchase_cards_brand", "purchase_cards", ["brand", "at"])


def _create_smart_groups() -> None:
    op.create_table(
        "smart_group_states",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("definition", sa.String(length=64), nullable=False),
        sa.Column("built_up_to", sa.Uuid()),
        sa.Column("is_built", sa.Boolean(), nullable=False),
        sa.Column("is_first_build", sa.Boolean(), nullable=False),
        sa.Column("swept_until", UtcDateTime(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_smart_group_states_group_id")),
        sa.PrimaryKeyConstraint("group_id", name=op.f("pk_smart_group_states")),
    )
    op.create_table(
        "smart_group_members",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("since", Microseconds(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_smart_group_members_customer_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_smart_group_members_group_id")),
        sa.PrimaryKeyConstraint("group_id", "customer_id", name=op.f("pk_smart_group_members")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_smart_group_members_customer_id"), "smart_group_members", ["customer_id"])
    op.create_index("ix_smart_group_members_since", "smart_group_members", ["group_id", "since"])
    op.create_table(
        "smart_group_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("change", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("change IN ('joined', 'left')", name=op.f("ck_smart_group_changes_change")),
        sa.CheckConstraint(
            "cause IN ('activity', 'clock', 'definition')", name=op.f("ck_smart_group_changes_cause")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_smart_group_changes_customer_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_smart_group_changes_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_smart_group_changes")),
    )
    op.create_index(op.f("ix_smart_group_changes_customer_id"), "smart_group_changes", ["customer_id"])
    op.create_index("ix_smart_group_changes_group_at", "smart_group_changes", ["group_id", "at"])
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("filters", Json, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("name", name=op.f("uq_saved_views_name")),
    )


def _widen() -> None:
    op.add_column("groups", sa.Column("filters", Json))
    op.add_column("groups", sa.Column("preset", sa.String()))
    op.add_column("groups", sa.Column("archived_at", UtcDateTime()))
    op.add_column("sale_lines", sa.Column("bought_by", sa.Uuid()))
    op.add_column("sale_lines", sa.Column("bought_at", Microseconds()))
    for column in ("item_id", "category_id", "variation_id"):
        is_known = sa.text(f"bought_by IS NOT NULL AND {column} IS NOT NULL")
        op.create_index(
            f"ix_sale_lines_bought_{column}",
            "sale_lines",
            [column, "bought_at", "bought_by"],
            sqlite_where=is_known,
            postgresql_where=is_known,
        )
