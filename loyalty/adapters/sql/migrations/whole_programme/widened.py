"""New columns of tables that were there, and the table that one of them names."""

import sqlalchemy as sa
from alembic import op

from loyalty.adapters.sql.schema.base import Json

_WITH_REST = sa.text("remaining > 0")


def create_variations() -> None:
    op.create_table(
        "item_variations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("price_minor", sa.Integer(), nullable=False),
        sa.Column("barcode", sa.String(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_item_variations_price")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_item_variations_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_variations")),
    )
    op.create_index(op.f("ix_item_variations_item_id"), "item_variations", ["item_id"])
    op.create_index(
        "uq_item_variations_active_barcode",
        "item_variations",
        ["barcode"],
        unique=True,
        sqlite_where=sa.text("is_active = 1"),
        postgresql_where=sa.text("is_active"),
    )


def add_columns() -> None:
    op.add_column(
        "shop_settings", sa.Column("smallest_coin_minor", sa.Integer(), nullable=False, server_default="1")
    )
    op.add_column("programme_versions", sa.Column("expiry", Json))
    op.add_column("programme_versions", sa.Column("max_rewards_per_sale", sa.Integer()))
    op.add_column("groups", sa.Column("further_discounts", Json))
    op.add_column("sales", sa.Column("channel", sa.String(), nullable=False, server_default="counter"))
    op.add_column("sales", sa.Column("discounts", Json))
    op.add_column("sales", sa.Column("terms", Json))
    for table, column, target in (
        ("sales", "exchange_of", "sales"),
        ("sale_lines", "variation_id", "item_variations"),
        ("staff", "customer_id", "customers"),
        ("ledger_entries", "origin_lot", "ledger_entries"),
        ("ledger_entries", "staff_id", "staff"),
    ):
        _add_reference(table, column, target)
    op.create_index("ix_sales_closed_at", "sales", ["closed_at"])
    op.create_index("ix_ledger_entries_booked_at", "ledger_entries", ["booked_at"])
    op.create_index(
        "ix_ledger_entries_corrects",
        "ledger_entries",
        ["corrects"],
        sqlite_where=sa.text("corrects IS NOT NULL"),
        postgresql_where=sa.text("corrects IS NOT NULL"),
    )
    op.create_index(
        "ix_lots_expiring", "lots", ["expires_at"], sqlite_where=_WITH_REST, postgresql_where=_WITH_REST
    )
    op.create_index("ix_lot_uses_lot_id", "lot_uses", ["lot_id"])


def _add_reference(table: str, column: str, target: str) -> None:
    """SQLite adds a column that may be empty in place: no copy, so triggers and references stay."""
    name = f"fk_{table}_{column}"
    if op.get_bind().dialect.name == "postgresql":
        op.add_column(table, sa.Column(column, sa.Uuid()))
        op.create_foreign_key(op.f(name), table, target, [column], ["id"])
        return
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} CHAR(32) CONSTRAINT {name} REFERENCES {target} (id)")
