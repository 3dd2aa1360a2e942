"""Figures from before keep their times as the other sums of activity do."""

import sqlalchemy as sa
from alembic import op

from loyalty.adapters.sql.schema.base import Microseconds

revision = "v0018"
down_revision = "v0017"

_TABLE = "customer_start_figures"
_TIMES = ("first_visit_at", "last_visit_at")


def upgrade() -> None:
    """The columns are made anew: a change in place would copy the table and lose what refers to it."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for column in _TIMES:
        op.alter_column(_TABLE, column, new_column_name=f"{column}_before")
        op.add_column(_TABLE, sa.Column(column, Microseconds()))
        seconds = (
            f"CAST(extract(epoch FROM {column}_before) AS BIGINT)"
            if is_postgresql
            else f"CAST(strftime('%s', {column}_before) AS INTEGER)"
        )
        op.execute(f"UPDATE {_TABLE} SET {column} = {seconds} * 1000000 WHERE {column}_before IS NOT NULL")
        op.drop_column(_TABLE, f"{column}_before")
    op.create_index(op.f("ix_customer_start_figures_last_visit_at"), _TABLE, ["last_visit_at"])
