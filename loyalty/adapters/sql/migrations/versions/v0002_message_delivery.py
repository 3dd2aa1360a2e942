"""Delivery of messages to members: hand-over, caps, decisions, opt-outs."""

import sqlalchemy as sa
from alembic import op

from loyalty.adapters.sql.schema.base import UtcDateTime

revision = "v0002"
down_revision = "v0001"

_STATES = "state IN ('queued', 'sending', 'sent', 'refused', 'unknown', 'dropped')"
_OPEN = "state IN ('sending', 'unknown')"


def upgrade() -> None:
    _widen_messages()
    op.create_index("ix_member_messages_handed_at", "member_messages", ["handed_at"])
    op.create_index("ix_member_messages_to_handed_at", "member_messages", ["to", "handed_at"])
    op.create_index(
        "ix_member_messages_open",
        "member_messages",
        ["state"],
        sqlite_where=sa.text(_OPEN),
        postgresql_where=sa.text(_OPEN),
    )
    _create_decisions()
    _create_opt_outs()


def _widen_messages() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_member_messages_state"), "member_messages", type_="check")
    # SQLite copies the table, and leaves its checks behind: nothing to drop there.
    with op.batch_alter_table("member_messages") as batch:
        batch.create_check_constraint(op.f("ck_member_messages_state"), _STATES)
        batch.add_column(sa.Column("due_at", UtcDateTime()))
        batch.add_column(sa.Column("expires_at", UtcDateTime()))
        batch.add_column(sa.Column("device", sa.String()))
        batch.add_column(sa.Column("opt_out_link", sa.String()))
        batch.add_column(sa.Column("detail", sa.String(), nullable=False, server_default=""))
        batch.add_column(sa.Column("courier", sa.String()))
        batch.add_column(sa.Column("handed_at", UtcDateTime()))
        batch.add_column(sa.Column("cost_minor", sa.Integer(), nullable=False, server_default="0"))


def _create_decisions() -> None:
    op.create_table(
        "message_decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "decision IN ('send_again', 'give_up')", name=op.f("ck_message_decisions_decision")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["member_messages.id"], name=op.f("fk_message_decisions_message_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_message_decisions_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_decisions")),
    )
    op.create_index(op.f("ix_message_decisions_message_id"), "message_decisions", ["message_id"])


def _create_opt_outs() -> None:
    op.create_table(
        "message_suppressions",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_message_suppressions")),
    )
    op.create_table(
        "opt_out_links",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_opt_out_links_customer_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_opt_out_links")),
    )
    op.create_index(op.f("ix_opt_out_links_customer_id"), "opt_out_links", ["customer_id"])
