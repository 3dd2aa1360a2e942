"""Which automatic messages went out to whom and when, for the filters; of merged profiles to who stayed."""

import sqlalchemy as sa
from alembic import op

from loyalty.adapters.sql.migrations.activity.triggers import microseconds, touch
from loyalty.adapters.sql.schema.base import Microseconds

revision = "v0031"
down_revision = "v0030"

_KINDS = (
    "'welcome', 'first_point', 'birthday', 'tier_reached', 'points_expiring', "
    "'programme_changed', 'retention'"
)
_IS_SENT = f"{{row}}state = 'sent' AND {{row}}customer_id IS NOT NULL AND {{row}}kind IN ({_KINDS})"


def upgrade() -> None:
    op.create_table(
        "received_messages",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("at", Microseconds(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_received_messages_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["member_messages.id"], name=op.f("fk_received_messages_message_id")
        ),
        sa.PrimaryKeyConstraint("customer_id", "at", "message_id", name=op.f("pk_received_messages")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_received_messages_at", "received_messages", ["at"])
    op.create_index("ix_received_messages_kind", "received_messages", ["kind", "at", "customer_id"])
    op.create_index("ix_received_messages_message_id", "received_messages", ["message_id"])
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute(_noted(f"WHERE {_IS_SENT.format(row='m.')}", is_postgresql=is_postgresql))
    if is_postgresql:
        _follow_on_postgresql()
    else:
        _follow_on_sqlite()


def _noted(which: str, *, is_postgresql: bool) -> str:
    at = microseconds("coalesce(m.settled_at, m.queued_at)", is_postgresql=is_postgresql)
    return (
        "INSERT INTO received_messages (customer_id, at, message_id, kind) "
        f"SELECT coalesce(c.merged_into, c.id), {at}, m.id, m.kind "
        f"FROM member_messages m JOIN customers c ON c.id = m.customer_id {which}"
    )


_MOVED = (
    "UPDATE received_messages SET customer_id = coalesce(NEW.merged_into, NEW.id) "
    "WHERE message_id IN (SELECT m.id FROM member_messages m WHERE m.customer_id = NEW.id)"
)
_NEW_ONE = (
    "WHERE m.id = NEW.id AND NOT EXISTS (SELECT 1 FROM received_messages r WHERE r.message_id = NEW.id)"
)


def _follow_on_sqlite() -> None:
    noted, is_sent = _noted(_NEW_ONE, is_postgresql=False), _IS_SENT.format(row="NEW.")
    for name, change in (("insert", "INSERT"), ("update", "UPDATE OF state")):
        op.execute(
            f"CREATE TRIGGER member_messages_{name}_received AFTER {change} ON member_messages "
            f"WHEN {is_sent} BEGIN {noted}; END"
        )
    op.execute(
        "CREATE TRIGGER customers_merged_received AFTER UPDATE OF merged_into ON customers "
        f"WHEN NEW.merged_into IS NOT OLD.merged_into BEGIN {_MOVED}; END"
    )
    op.execute(
        "CREATE TRIGGER received_messages_insert_summary AFTER INSERT ON received_messages "
        f"BEGIN {touch('SELECT NEW.customer_id AS id')}; END"
    )


def _follow_on_postgresql() -> None:
    for name, body in (
        ("note_received_message", _noted(_NEW_ONE, is_postgresql=True)),
        ("move_received_messages", _MOVED),
    ):
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {body}; RETURN NULL; END $$"
        )
    for name, change in (("insert", "INSERT"), ("update", "UPDATE OF state")):
        op.execute(
            f"CREATE TRIGGER member_messages_{name}_received AFTER {change} ON member_messages FOR EACH ROW "
            f"WHEN ({_IS_SENT.format(row='NEW.')}) EXECUTE FUNCTION note_received_message()"
        )
    op.execute(
        "CREATE TRIGGER customers_merged_received AFTER UPDATE OF merged_into ON customers FOR EACH ROW "
        "WHEN (NEW.merged_into IS DISTINCT FROM OLD.merged_into) EXECUTE FUNCTION move_received_messages()"
    )
    op.execute(
        "CREATE TRIGGER received_messages_insert_touch_new AFTER INSERT ON received_messages FOR EACH ROW "
        "EXECUTE FUNCTION touch_new()"
    )
