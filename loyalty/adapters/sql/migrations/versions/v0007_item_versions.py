"""Items bear a version, so that two people who change one at the same time are told."""

import sqlalchemy as sa
from alembic import op

revision = "v0007"
down_revision = "v0006"


def upgrade() -> None:
    op.add_column("items", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
