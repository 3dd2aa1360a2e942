"""Privacy: who recorded a consent, who was erased or told of it, the shop's decisions, incidents."""

import sqlalchemy as sa
from alembic import op

from loyalty.adapters.sql.schema.base import Json, UtcDateTime

revision = "v0014"
down_revision = "v0013"


def upgrade() -> None:
    name = "fk_consent_entries_staff_id"
    if op.get_bind().dialect.name == "postgresql":
        op.add_column("consent_entries", sa.Column("staff_id", sa.Uuid()))
        op.create_foreign_key(op.f(name), "consent_entries", "staff", ["staff_id"], ["id"])
    else:  # in place: a copy of the table would lose the triggers that keep it append-only
        op.execute(
            "ALTER TABLE consent_entries ADD COLUMN staff_id CHAR(32) "
            f"CONSTRAINT {name} REFERENCES staff (id)"
        )
    _create_notes_of_erasure()
    op.create_table(
        "privacy_settings",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", Json, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_privacy_settings_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_settings")),
    )
    op.create_table(
        "incidents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("happened_on", sa.String(length=10), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=False),
        sa.Column("noted_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime()),
        sa.ForeignKeyConstraint(["noted_by"], ["staff.id"], name=op.f("fk_incidents_noted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )


def _create_notes_of_erasure() -> None:
    op.create_table(
        "erased_people",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_erased_people")),
    )
    op.create_index(op.f("ix_erased_people_at"), "erased_people", ["at"])
    op.create_table(
        "retention_notices",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_retention_notices_customer_id")
        ),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_retention_notices")),
    )
    op.create_index(op.f("ix_retention_notices_told_at"), "retention_notices", ["told_at"])
