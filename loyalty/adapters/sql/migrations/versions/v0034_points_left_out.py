"""In how many rows of an import points were left out; not known of imports before, which counts as none."""

import sqlalchemy as sa
from alembic import op

revision = "v0034"
down_revision = "v0033"


def upgrade() -> None:
    left = sa.Column("points_left", sa.Integer(), nullable=False, server_default=sa.text("0"))
    op.add_column("customer_imports", left)
