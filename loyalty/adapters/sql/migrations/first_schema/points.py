"""Accounts and ledger."""

import sqlalchemy as sa
from alembic import op

from loyalty.adapters.sql.schema.base import Json, UtcDateTime


def create() -> None:
    op.create_table(
        "loyalty_accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("phone_number", sa.String(), nullable=True),
        sa.Column("balance", sa.Integer(), nullable=False),
        sa.Column("enrolled_at", UtcDateTime(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.CheckConstraint("sequence >= 0", name=op.f("ck_loyalty_accounts_sequence")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_loyalty_accounts_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loyalty_accounts")),
        sa.UniqueConstraint("customer_id", name=op.f("uq_loyalty_accounts_customer_id")),
        sa.UniqueConstraint("phone_number", name=op.f("uq_loyalty_accounts_phone_number")),
    )
    op.create_table(
        "ledger_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("booked_at", UtcDateTime(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=128), nullable=False),
        sa.Column("earned_at", UtcDateTime(), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("corrects", sa.Uuid(), nullable=True),
        sa.Column("why", Json, nullable=False),
        sa.CheckConstraint(
            "kind <> 'correction' OR corrects IS NOT NULL",
            name=op.f("ck_ledger_entries_correction_names_entry"),
        ),
        sa.CheckConstraint(
            "kind NOT IN ('earn', 'opening') OR points > 0", name=op.f("ck_ledger_entries_sign_of_gains")
        ),
        sa.CheckConstraint(
            "kind NOT IN ('redeem') OR points < 0", name=op.f("ck_ledger_entries_sign_of_uses")
        ),
        sa.CheckConstraint(
            "(points > 0) = (earned_at IS NOT NULL)", name=op.f("ck_ledger_entries_gain_has_date")
        ),
        sa.CheckConstraint("points <> 0", name=op.f("ck_ledger_entries_points_not_zero")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["loyalty_accounts.id"], name=op.f("fk_ledger_entries_account_id")
        ),
        sa.ForeignKeyConstraint(["corrects"], ["ledger_entries.id"], name=op.f("fk_ledger_entries_corrects")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
        sa.UniqueConstraint(
            "account_id", "idempotency_key", name=op.f("uq_ledger_entries_account_id_idempotency_key")
        ),
    )
    op.create_index(op.f("ix_ledger_entries_source"), "ledger_entries", ["source"], unique=False)
    op.create_table(
        "lots",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.Column("earned_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("remaining >= 0 AND remaining <= points", name=op.f("ck_lots_remaining")),
        sa.ForeignKeyConstraint(["account_id"], ["loyalty_accounts.id"], name=op.f("fk_lots_account_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entries.id"], name=op.f("fk_lots_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_lots")),
    )
    op.create_index(
        "ix_lots_open",
        "lots",
        ["account_id"],
        unique=False,
        sqlite_where=sa.text("remaining > 0"),
        postgresql_where=sa.text("remaining > 0"),
    )
    op.create_table(
        "lot_uses",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.CheckConstraint("points > 0", name=op.f("ck_lot_uses_points")),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entries.id"], name=op.f("fk_lot_uses_entry_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.entry_id"], name=op.f("fk_lot_uses_lot_id")),
        sa.PrimaryKeyConstraint("entry_id", "lot_id", name=op.f("pk_lot_uses")),
    )
