"""Customers, cards, consents, groups."""

import sqlalchemy as sa
from alembic import op

from loyalty.adapters.sql.schema.base import Json, UtcDateTime


def create() -> None:
    op.create_table(
        "customers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("given_name", sa.String(), nullable=True),
        sa.Column("family_name", sa.String(), nullable=True),
        sa.Column("email_address", sa.String(), nullable=True),
        sa.Column("phone_number", sa.String(), nullable=True),
        sa.Column("reference_id", sa.String(), nullable=True),
        sa.Column("company_name", sa.String(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_customers_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
    )
    op.create_index(op.f("ix_customers_email_address"), "customers", ["email_address"], unique=False)
    op.create_index(op.f("ix_customers_phone_number"), "customers", ["phone_number"], unique=False)
    op.create_index(op.f("ix_customers_reference_id"), "customers", ["reference_id"], unique=False)
    op.create_table(
        "membership_cards",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_membership_cards_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_cards")),
    )
    op.create_index(
        op.f("ix_membership_cards_customer_id"), "membership_cards", ["customer_id"], unique=False
    )
    op.create_table(
        "card_steps",
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["card_id"], ["membership_cards.id"], name=op.f("fk_card_steps_card_id")),
        sa.PrimaryKeyConstraint("card_id", "step", name=op.f("pk_card_steps")),
    )
    op.create_table(
        "consent_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("wording_id", sa.String(), nullable=False),
        sa.Column("wording_text", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=True),
        sa.CheckConstraint("state IN ('granted', 'withdrawn')", name=op.f("ck_consent_entries_state")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_consent_entries_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_entries")),
    )
    op.create_index(op.f("ix_consent_entries_customer_id"), "consent_entries", ["customer_id"], unique=False)
    op.create_table(
        "groups",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("discount_rate_ppm", sa.Integer(), nullable=True),
        sa.Column("scope_kind", sa.String(), nullable=True),
        sa.Column("scope_ids", Json, nullable=True),
        sa.CheckConstraint(
            "discount_rate_ppm > 0 AND discount_rate_ppm <= 1000000", name=op.f("ck_groups_discount")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groups")),
        sa.UniqueConstraint("name", name=op.f("uq_groups_name")),
    )
    op.create_table(
        "group_members",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_group_members_customer_id")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_group_members_group_id")),
        sa.PrimaryKeyConstraint("group_id", "customer_id", name=op.f("pk_group_members")),
    )
    op.create_index(op.f("ix_group_members_customer_id"), "group_members", ["customer_id"], unique=False)
