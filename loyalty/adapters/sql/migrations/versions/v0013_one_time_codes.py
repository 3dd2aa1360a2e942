"""One-time codes by SMS, as keyed digests."""

import sqlalchemy as sa
from alembic import op

from loyalty.adapters.sql.schema.base import UtcDateTime

revision = "v0013"
down_revision = "v0012"

_TABLE = "one_time_codes"


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", UtcDateTime()),
        sa.Column("customer_id", sa.Uuid()),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_one_time_codes_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_codes")),
    )
    for column in ("session_id", "sent_at", "customer_id"):
        op.create_index(op.f(f"ix_{_TABLE}_{column}"), _TABLE, [column])
