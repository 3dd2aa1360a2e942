"""Registers that speak for lanes by themselves, with the hashes of their keys."""

import sqlalchemy as sa
from alembic import op

from loyalty.adapters.sql.schema.base import UtcDateTime

revision = "v0023"
down_revision = "v0022"


def upgrade() -> None:
    op.create_table(
        "registers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("confirms", sa.Boolean(), nullable=False),
        sa.Column("certificate", sa.String(64)),
        sa.Column("key_hash", sa.LargeBinary(32)),
        sa.Column("key_made_at", UtcDateTime()),
        sa.Column("last_used_at", UtcDateTime()),
        sa.Column("revoked_at", UtcDateTime()),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_registers_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registers")),
    )
    has_certificate = sa.text("certificate IS NOT NULL AND revoked_at IS NULL")
    op.create_index(
        "uq_registers_certificate",
        "registers",
        ["certificate"],
        unique=True,
        sqlite_where=has_certificate,
        postgresql_where=has_certificate,
    )
    op.create_table(
        "register_lanes",
        sa.Column("register_id", sa.Uuid(), nullable=False),
        sa.Column("lane_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["register_id"], ["registers.id"], name=op.f("fk_register_lanes_register_id")
        ),
        sa.ForeignKeyConstraint(["lane_id"], ["lanes.id"], name=op.f("fk_register_lanes_lane_id")),
        sa.PrimaryKeyConstraint("register_id", "lane_id", name=op.f("pk_register_lanes")),
    )
