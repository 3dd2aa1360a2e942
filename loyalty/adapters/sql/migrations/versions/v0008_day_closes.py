"""Closes of lanes' days; only ever added to."""

import sqlalchemy as sa
from alembic import op

from loyalty.adapters.sql.schema.base import Json, UtcDateTime

revision = "v0008"
down_revision = "v0007"


def upgrade() -> None:
    op.create_table(
        "day_closes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lane_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first_receipt", sa.BigInteger(), nullable=False),
        sa.Column("last_receipt", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=False),
        sa.Column("closed_by", sa.Uuid(), nullable=False),
        sa.Column("takings", Json, nullable=False),
        sa.Column("float_minor", sa.BigInteger(), nullable=False),
        sa.Column("counted_minor", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String()),
        sa.CheckConstraint("number > 0", name=op.f("ck_day_closes_number")),
        sa.ForeignKeyConstraint(["lane_id"], ["lanes.id"], name=op.f("fk_day_closes_lane_id")),
        sa.ForeignKeyConstraint(["closed_by"], ["staff.id"], name=op.f("fk_day_closes_closed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_closes")),
        sa.UniqueConstraint("lane_id", "number", name=op.f("uq_day_closes_lane_id_number")),
    )
    op.create_index(op.f("ix_day_closes_closed_at"), "day_closes", ["closed_at"])
    op.create_table(
        "day_close_refunds",
        sa.Column("refund_id", sa.Uuid(), nullable=False),
        sa.Column("close_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["refund_id"], ["refunds.id"], name=op.f("fk_day_close_refunds_refund_id")),
        sa.ForeignKeyConstraint(["close_id"], ["day_closes.id"], name=op.f("fk_day_close_refunds_close_id")),
        sa.PrimaryKeyConstraint("refund_id", name=op.f("pk_day_close_refunds")),
    )
    _refuse_changes()


def _refuse_changes() -> None:
    """A close is never changed; the function is v0001's."""
    for table in ("day_closes", "day_close_refunds"):
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
            continue
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
            )
