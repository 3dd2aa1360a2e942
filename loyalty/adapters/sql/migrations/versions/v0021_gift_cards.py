"""Items and lines that are gift cards, which earn when they are spent."""

import sqlalchemy as sa
from alembic import op

revision = "v0021"
down_revision = "v0020"


def upgrade() -> None:
    for table in ("items", "sale_lines"):
        op.add_column(
            table, sa.Column("is_gift_card", sa.Boolean(), nullable=False, server_default=sa.text("false"))
        )
