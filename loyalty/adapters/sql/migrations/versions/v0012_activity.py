"""What customers did, summed up as it happens; smart groups."""

from loyalty.adapters.sql.migrations.activity import past, tables, triggers

revision = "v0012"
down_revision = "v0011"


def upgrade() -> None:
    tables.create()
    past.read()
    triggers.create()
