"""Notes and attachments of profiles, and what the shop decides about profiles."""

import sqlalchemy as sa
from alembic import op

from loyalty.adapters.sql.schema.base import Json, UtcDateTime

revision = "v0011"
down_revision = "v0010"


def upgrade() -> None:
    op.create_table(
        "customer_notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("written_by", sa.Uuid()),
        *_of_a_customer("customer_notes", "written_by"),
    )
    op.create_table(
        "customer_attachments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("added_by", sa.Uuid()),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_customer_attachments_size")),
        *_of_a_customer("customer_attachments", "added_by"),
    )
    op.create_index(op.f("ix_customer_notes_customer_id"), "customer_notes", ["customer_id"])
    for column in ("customer_id", "digest"):
        op.create_index(op.f(f"ix_customer_attachments_{column}"), "customer_attachments", [column])
    op.create_table(
        "profile_settings",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("settings", Json, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_profile_settings_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_settings")),
    )


def _of_a_customer(table: str, staff_column: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f(f"fk_{table}_customer_id")),
        sa.ForeignKeyConstraint([staff_column], ["staff.id"], name=op.f(f"fk_{table}_{staff_column}")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
