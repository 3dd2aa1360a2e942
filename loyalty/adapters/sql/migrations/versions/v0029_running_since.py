"""Since when a device has been running its release; not known for what ran before."""

import sqlalchemy as sa
from alembic import op

from loyalty.adapters.sql.schema.base import UtcDateTime

revision = "v0029"
down_revision = "v0028"


def upgrade() -> None:
    op.add_column("fleet_devices", sa.Column("running_since", UtcDateTime()))
