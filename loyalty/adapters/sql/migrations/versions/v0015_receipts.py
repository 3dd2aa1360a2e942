"""What stands on receipts, and the lanes' printers."""

import sqlalchemy as sa
from alembic import op

from loyalty.adapters.sql.schema.base import Json

revision = "v0015"
down_revision = "v0014"


def upgrade() -> None:
    op.create_table(
        "receipt_settings",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("address_lines", Json, nullable=False),
        sa.Column("tax_numbers", Json, nullable=False),
        sa.Column("closing", sa.String(), nullable=False),
        sa.Column("is_statement", sa.Boolean(), nullable=False),
        sa.Column("shows_member_link", sa.Boolean(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_receipt_settings_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_settings")),
    )
    op.create_table(
        "lane_printers",
        sa.Column("lane_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("paper", sa.String(), nullable=False),
        sa.Column("profile", sa.String(), nullable=False),
        sa.Column("prints_by_itself", sa.Boolean(), nullable=False),
        sa.Column("opens_drawer", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind IN ('network', 'usb')", name=op.f("ck_lane_printers_kind")),
        sa.CheckConstraint("paper IN ('58', '80')", name=op.f("ck_lane_printers_paper")),
        sa.ForeignKeyConstraint(["lane_id"], ["lanes.id"], name=op.f("fk_lane_printers_lane_id")),
        sa.PrimaryKeyConstraint("lane_id", name=op.f("pk_lane_printers")),
    )
