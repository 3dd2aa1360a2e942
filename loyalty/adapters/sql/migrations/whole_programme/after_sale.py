"""Refunds, payment cards, birthdays, audit log, digests."""

import sqlalchemy as sa
from alembic import op

from loyalty.adapters.sql.schema.base import Json, UtcDateTime

_LINKED = sa.text("unlinked_at IS NULL")


def create() -> None:
    _create_refunds()
    _create_linked_cards()
    op.create_table(
        "customer_birthdays",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.CheckConstraint("month BETWEEN 1 AND 12", name=op.f("ck_customer_birthdays_month")),
        sa.CheckConstraint("day BETWEEN 1 AND 31", name=op.f("ck_customer_birthdays_day")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_customer_birthdays_customer_id")
        ),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_customer_birthdays")),
    )
    op.create_index("ix_customer_birthdays_month_day", "customer_birthdays", ["month", "day"])
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("params", Json, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_audit_entries_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    for column in ("at", "staff_id", "subject"):
        op.create_index(op.f(f"ix_audit_entries_{column}"), "audit_entries", [column])
    op.create_table(
        "daily_digests",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_daily_digests")),
    )


def _create_refunds() -> None:
    op.create_table(
        "refunds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sale_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.Column("quote", Json, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("tenders", Json, nullable=False),
        sa.Column("exchange_sale_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("kind IN ('refund', 'void', 'exchange')", name=op.f("ck_refunds_kind")),
        sa.ForeignKeyConstraint(["sale_id"], ["sales.id"], name=op.f("fk_refunds_sale_id")),
        sa.ForeignKeyConstraint(["given_by"], ["staff.id"], name=op.f("fk_refunds_given_by")),
        sa.ForeignKeyConstraint(["exchange_sale_id"], ["sales.id"], name=op.f("fk_refunds_exchange_sale_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
        sa.UniqueConstraint("key", name=op.f("uq_refunds_key")),
    )
    for column in ("sale_id", "at"):
        op.create_index(op.f(f"ix_refunds_{column}"), "refunds", [column])


def _create_linked_cards() -> None:
    op.create_table(
        "linked_cards",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("last_four", sa.String(length=4), nullable=False),
        sa.Column("fingerprint", sa.String(length=128), nullable=False),
        sa.Column("linked_at", UtcDateTime(), nullable=False),
        sa.Column("unlinked_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("length(last_four) = 4", name=op.f("ck_linked_cards_last_four")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_linked_cards_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linked_cards")),
    )
    op.create_index(op.f("ix_linked_cards_customer_id"), "linked_cards", ["customer_id"])
    op.create_index(
        "uq_linked_cards_fingerprint",
        "linked_cards",
        ["fingerprint"],
        unique=True,
        sqlite_where=_LINKED,
        postgresql_where=_LINKED,
    )
