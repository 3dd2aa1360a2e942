"""Profiles that may be one person, and merges of profiles."""

import sqlalchemy as sa
from alembic import op

from loyalty.adapters.sql.schema.base import Json, UtcDateTime

revision = "v0017"
down_revision = "v0016"


def upgrade() -> None:
    op.create_table(
        "duplicate_pairs",
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("agreements", Json, nullable=False),
        sa.Column("found_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_at", UtcDateTime()),
        sa.Column("decided_by", sa.Uuid()),
        sa.CheckConstraint("state IN ('open', 'apart', 'merged')", name=op.f("ck_duplicate_pairs_state")),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_duplicate_pairs_in_order")),
        sa.ForeignKeyConstraint(["first_id"], ["customers.id"], name=op.f("fk_duplicate_pairs_first_id")),
        sa.ForeignKeyConstraint(["second_id"], ["customers.id"], name=op.f("fk_duplicate_pairs_second_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_duplicate_pairs_decided_by")),
        sa.PrimaryKeyConstraint("first_id", "second_id", name=op.f("pk_duplicate_pairs")),
    )
    op.create_index(op.f("ix_duplicate_pairs_second_id"), "duplicate_pairs", ["second_id"])
    op.create_index(
        "ix_duplicate_pairs_open",
        "duplicate_pairs",
        ["score"],
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    _create_merges()


def _create_merges() -> None:
    op.create_table(
        "merges",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kept_id", sa.Uuid(), nullable=False),
        sa.Column("gone_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("record", Json),
        sa.Column("undone_at", UtcDateTime()),
        sa.Column("undone_by", sa.Uuid()),
        sa.CheckConstraint("kept_id <> gone_id", name=op.f("ck_merges_two_profiles")),
        sa.ForeignKeyConstraint(["kept_id"], ["customers.id"], name=op.f("fk_merges_kept_id")),
        sa.ForeignKeyConstraint(["gone_id"], ["customers.id"], name=op.f("fk_merges_gone_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_merges_staff_id")),
        sa.ForeignKeyConstraint(["undone_by"], ["staff.id"], name=op.f("fk_merges_undone_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
    )
    for column in ("kept_id", "gone_id", "at"):
        op.create_index(op.f(f"ix_merges_{column}"), "merges", [column])
