"""Rows of imports that resemble a customer; whole dates of birth are found by an index."""

import sqlalchemy as sa
from alembic import op

from loyalty.adapters.sql.schema.base import Json, UtcDateTime

revision = "v0022"
down_revision = "v0021"

_KEYS = {
    "import_id": "customer_imports.id",
    "customer_id": "customers.id",
    "decided_by": "staff.id",
    "made_id": "customers.id",
}


def upgrade() -> None:
    table = "customer_import_likenesses"
    op.create_table(
        table,
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("agreements", Json, nullable=False),
        sa.Column("decision", sa.String()),
        sa.Column("decided_by", sa.Uuid()),
        sa.Column("decided_at", UtcDateTime()),
        sa.Column("made_id", sa.Uuid()),
        sa.CheckConstraint("decision IN ('same', 'other')", name=op.f(f"ck_{table}_decision")),
        *(
            sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))
            for column, target in _KEYS.items()
        ),
        sa.PrimaryKeyConstraint("import_id", "line", "customer_id", name=op.f(f"pk_{table}")),
    )
    for column in ("customer_id", "made_id"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    op.drop_index("ix_customer_birthdays_month_day", "customer_birthdays")
    op.create_index("ix_customer_birthdays_month_day_year", "customer_birthdays", ["month", "day", "year"])
