"""Messages to members and status links."""

import sqlalchemy as sa
from alembic import op

from loyalty.adapters.sql.schema.base import UtcDateTime


def create() -> None:
    op.create_table(
        "member_messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("to", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("queued_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'sent', 'refused', 'unknown')", name=op.f("ck_member_messages_state")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_member_messages_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_messages")),
        sa.UniqueConstraint("event_key", name=op.f("uq_member_messages_event_key")),
    )
    op.create_index(op.f("ix_member_messages_customer_id"), "member_messages", ["customer_id"], unique=False)
    op.create_index(
        "ix_member_messages_queued",
        "member_messages",
        ["queued_at"],
        unique=False,
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_table(
        "status_links",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_status_links_customer_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_status_links")),
    )
    op.create_index(op.f("ix_status_links_customer_id"), "status_links", ["customer_id"], unique=False)
