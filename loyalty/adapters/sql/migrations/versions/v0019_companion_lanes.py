"""Lanes beside another register, and what that register calls a sale."""

import sqlalchemy as sa
from alembic import op

revision = "v0019"
down_revision = "v0018"


def upgrade() -> None:
    op.add_column(
        "lanes", sa.Column("is_companion", sa.Boolean(), nullable=False, server_default=sa.text("false"))
    )
    op.add_column("sales", sa.Column("register_reference", sa.String(128)))
