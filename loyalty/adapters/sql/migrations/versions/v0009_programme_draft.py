"""The programme in the making is stored: no restart loses a draft."""

import sqlalchemy as sa
from alembic import op

from loyalty.adapters.sql.schema.base import Json, UtcDateTime

revision = "v0009"
down_revision = "v0008"


def upgrade() -> None:
    op.create_table(
        "programme_drafts",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Uuid(), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.Column("steps", Json, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_programme_drafts_one_row")),
        sa.ForeignKeyConstraint(
            ["base_version"], ["programme_versions.version"], name=op.f("fk_programme_drafts_base_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_drafts")),
    )
