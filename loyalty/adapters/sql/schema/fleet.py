"""The rollout desk's tables: rollouts, devices, and how each device fared in each rollout."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table

from loyalty.adapters.sql.schema.base import Json, UtcDateTime, metadata

fleet_rollouts = Table(
    "fleet_rollouts",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("channel", String(31), nullable=False),
    Column("release", String(40), nullable=False),
    Column("base", String(40)),
    Column("terms", Json, nullable=False),
    Column("status", String(10), nullable=False),
    Column("stage", Integer, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("stage_since", UtcDateTime, nullable=False),
    Column("reason", String(300), nullable=False),
)

fleet_devices = Table(
    "fleet_devices",
    metadata,
    Column("device", String(64), primary_key=True),
    Column("running", String(40)),
    Column("report", Json),
    Column("report_number", Integer, nullable=False),
    Column("heard_at", UtcDateTime),
    Column("pin", String(40)),
    Column("is_held", Boolean, nullable=False),
    Column("running_since", UtcDateTime),
)

fleet_outcomes = Table(
    "fleet_outcomes",
    metadata,
    Column("rollout", Integer, ForeignKey("fleet_rollouts.number"), primary_key=True),
    Column("device", String(64), primary_key=True),
    Column("outcome", String(10), nullable=False),
    Column("reason", String(300), nullable=False),
    Column("log", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_fleet_outcomes_rollout_outcome_at", "rollout", "outcome", "at"),
)
