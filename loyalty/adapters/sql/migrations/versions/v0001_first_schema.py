"""The first schema."""

from alembic import op

from loyalty.adapters.sql.migrations.first_schema import (
    delivery,
    directory,
    messages,
    points,
    sales,
    shop,
    staff,
)

revision = "v0001"
down_revision = None

_APPEND_ONLY = ("ledger_entries", "lot_uses", "consent_entries")


def upgrade() -> None:
    for noun in (shop, directory, staff, points, sales, messages, delivery):
        noun.create()
    _refuse_changes()
    op.execute("INSERT INTO setup_revision (id, revision) VALUES (1, 1)")
    op.execute("INSERT INTO counters (name, value) VALUES ('receipt', 0)")


def _refuse_changes() -> None:
    """Entries of a ledger are only ever inserted; the database itself refuses anything else (ADR 0003)."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        for table in _APPEND_ONLY:
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
        return
    for table in _APPEND_ONLY:
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
            )
