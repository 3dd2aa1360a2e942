"""Who was erased, who was told that they will be, what the shop decided about data, and incidents."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, String, Table, Text, Uuid

from loyalty.adapters.sql.schema.base import Json, UtcDateTime, id_column, metadata, reference

erased_people = Table(
    "erased_people",
    metadata,
    # No reference: the note outlives whatever a restored copy of the database holds.
    Column("customer_id", Uuid(), primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
)

retention_notices = Table(
    "retention_notices",
    metadata,
    Column("customer_id", Uuid(), ForeignKey("customers.id"), primary_key=True),
    Column("told_at", UtcDateTime, nullable=False, index=True),
)

privacy_settings = Table(
    "privacy_settings",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1", name="one_row"), primary_key=True, autoincrement=False),
    Column("value", Json, nullable=False),
)

incidents = Table(
    "incidents",
    metadata,
    id_column(),
    Column("happened_on", String(10), nullable=False),
    Column("what", Text, nullable=False),
    Column("told", Text, nullable=False),
    reference("noted_by", "staff.id"),
    Column("noted_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime),
)
