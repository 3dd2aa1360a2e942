"""What each lane's customer screen lets hear; as until now where nobody has chosen."""

import sqlalchemy as sa
from alembic import op

revision = "v0030"
down_revision = "v0029"


def upgrade() -> None:
    volume = sa.Column("sound_volume_percent", sa.Integer(), nullable=False, server_default=sa.text("50"))
    op.add_column("lanes", volume)
    for name in ("sound_cues", "sound_speech"):
        op.add_column("lanes", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.text("true")))
