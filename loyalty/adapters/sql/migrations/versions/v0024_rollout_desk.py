"""The rollout desk: rollouts, devices as they last said, and how each device fared."""

import sqlalchemy as sa
from alembic import op

from loyalty.adapters.sql.schema.base import Json, UtcDateTime

revision = "v0024"
down_revision = "v0023"


def upgrade() -> None:
    op.create_table(
        "fleet_rollouts",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(31), nullable=False),
        sa.Column("release", sa.String(40), nullable=False),
        sa.Column("base", sa.String(40)),
        sa.Column("terms", Json, nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("stage_since", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_fleet_rollouts")),
    )
    op.create_table(
        "fleet_devices",
        sa.Column("device", sa.String(64), nullable=False),
        sa.Column("running", sa.String(40)),
        sa.Column("report", Json),
        sa.Column("report_number", sa.Integer(), nullable=False),
        sa.Column("heard_at", UtcDateTime),
        sa.Column("pin", sa.String(40)),
        sa.Column("is_held", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("device", name=op.f("pk_fleet_devices")),
    )
    op.create_table(
        "fleet_outcomes",
        sa.Column("rollout", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(64), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("log", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rollout"], ["fleet_rollouts.number"], name=op.f("fk_fleet_outcomes_rollout")
        ),
        sa.PrimaryKeyConstraint("rollout", "device", name=op.f("pk_fleet_outcomes")),
    )
    op.create_index("ix_fleet_outcomes_rollout_outcome_at", "fleet_outcomes", ["rollout", "outcome", "at"])
