"""What the shop decided about receipts, and the lanes' printers."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Integer, String, Table, Uuid

from loyalty.adapters.sql.schema.base import Json, metadata

receipt_settings = Table(
    "receipt_settings",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1", name="one_row"), primary_key=True, autoincrement=False),
    Column("address_lines", Json, nullable=False),
    Column("tax_numbers", Json, nullable=False),
    Column("closing", String, nullable=False),
    Column("is_statement", Boolean, nullable=False),
    Column("shows_member_link", Boolean, nullable=False),
)

lane_printers = Table(
    "lane_printers",
    metadata,
    Column("lane_id", Uuid(), ForeignKey("lanes.id"), primary_key=True),
    Column("kind", String, CheckConstraint("kind IN ('network', 'usb')", name="kind"), nullable=False),
    Column("address", String, nullable=False),
    Column("paper", String, CheckConstraint("paper IN ('58', '80')", name="paper"), nullable=False),
    Column("profile", String, nullable=False),
    Column("prints_by_itself", Boolean, nullable=False),
    Column("opens_drawer", Boolean, nullable=False),
)
