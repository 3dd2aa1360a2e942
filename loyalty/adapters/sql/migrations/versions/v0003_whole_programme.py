"""The whole programme: promotions, refunds, payment cards, expiry, variations, audit."""

from alembic import op

from loyalty.adapters.sql.migrations.whole_programme import after_sale, programme, widened

revision = "v0003"
down_revision = "v0002"


def upgrade() -> None:
    widened.create_variations()
    widened.add_columns()
    programme.create()
    after_sale.create()
    _refuse_changes()


def _refuse_changes() -> None:
    """The audit log is only ever added to; the function is v0001's."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE ON audit_entries "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_entries_no_{change.lower()} BEFORE {change} ON audit_entries "
            "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
        )
