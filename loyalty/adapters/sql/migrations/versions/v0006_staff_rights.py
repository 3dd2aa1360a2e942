"""Who may do what: the owner's role holds everything, PINs at the till, deeds of nobody signed in."""

import sqlalchemy as sa
from alembic import op

revision = "v0006"
down_revision = "v0005"


def upgrade() -> None:
    op.add_column("roles", sa.Column("is_owner", sa.Boolean(), nullable=False, server_default=sa.false()))
    roles = sa.table("roles", sa.column("name", sa.String()), sa.column("is_owner", sa.Boolean()))
    # Every shop so far has the role that its claim made, under this name.
    op.execute(sa.update(roles).where(roles.c.name == "owner").values(is_owner=sa.true()))
    op.add_column("staff", sa.Column("pin_hash", sa.String()))
    op.add_column("staff", sa.Column("pin_failures", sa.Integer(), nullable=False, server_default="0"))
    op.add_column(
        "staff_sessions", sa.Column("is_by_pin", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    _let_nobody_do_deeds()


def _let_nobody_do_deeds() -> None:
    """A purge by the clock and a failed sign-in have no staff member behind them."""
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("audit_entries", "staff_id", nullable=True)
        return
    for change in ("update", "delete"):
        op.execute(f"DROP TRIGGER audit_entries_no_{change}")
    with op.batch_alter_table("audit_entries") as audit:
        audit.alter_column("staff_id", existing_type=sa.Uuid(), nullable=True)
    for change in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER audit_entries_no_{change} BEFORE {change.upper()} ON audit_entries "
            "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
        )
