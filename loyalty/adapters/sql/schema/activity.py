"""What customers did, kept in each sale's transaction so that no filter scans the sales.

Times are microseconds since 1970 here: a table of a million rows is read in one go, and they are compared and
subtracted far more often than shown. Triggers of the database copy what a summary repeats of the profile, the
account and the consents, and note who changed, so that no way of writing can forget it.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Uuid,
    false,
    text,
    true,
)

from loyalty.adapters.sql.schema.base import Json, Microseconds, UtcDateTime, metadata, reference

customer_summaries = Table(
    "customer_summaries",
    metadata,
    Column("customer_id", Uuid(), ForeignKey("customers.id"), primary_key=True),
    Column("is_listed", Boolean, nullable=False, server_default=true()),
    Column("visits", Integer, nullable=False, server_default=text("0")),
    Column("visit_1_at", Microseconds),
    Column("visit_2_at", Microseconds),
    Column("visit_3_at", Microseconds),
    Column("visit_4_at", Microseconds),
    Column("visit_5_at", Microseconds),
    Column("enrolled_at", Microseconds),
    Column("balance", Integer),
    Column("email_reach", String(7)),
    Column("is_reached_by_sms", Boolean, nullable=False, server_default=false()),
    Column("last_payment_at", Microseconds),
    Column("spend_minor", BigInteger, nullable=False, server_default=text("0")),
    Column("tenders", Integer, nullable=False, server_default=text("0")),
    Column("birth_month", SmallInteger),
    Column("birth_day", SmallInteger),
    Column("first_visit_at", Microseconds),
    Column("created_at", Microseconds),
    Column("source", String),
    sqlite_with_rowid=False,
)
Index("ix_customer_summaries_visit_1_at", customer_summaries.c.visit_1_at)
Index("ix_customer_summaries_enrolled_at", customer_summaries.c.enrolled_at)
Index("ix_customer_summaries_created_at", customer_summaries.c.created_at)

customer_purchases = Table(
    "customer_purchases",
    metadata,
    Column("customer_id", Uuid(), ForeignKey("customers.id"), primary_key=True),
    Column("at", Microseconds, primary_key=True),
    Column("sale_id", Uuid(), ForeignKey("sales.id"), primary_key=True),
    Column("lane_id", Uuid(), nullable=False),
    Column("spend_minor", BigInteger, nullable=False),
    Column("is_visit", Boolean, nullable=False),
    Column("tenders", Integer, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_customer_purchases_at", customer_purchases.c.at)

purchase_cards = Table(
    "purchase_cards",
    metadata,
    Column("sale_id", Uuid(), ForeignKey("sales.id"), primary_key=True),
    Column("brand", String, primary_key=True),
    Column("last_four", String(4), primary_key=True),
    Column("customer_id", Uuid(), ForeignKey("customers.id"), nullable=False),
    Column("at", Microseconds, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_purchase_cards_customer_id", purchase_cards.c.customer_id)
Index(
    "ix_purchase_cards_last_four",
    *(purchase_cards.c[name] for name in ("last_four", "brand", "at", "customer_id")),
)

received_messages = Table(
    "received_messages",
    metadata,
    Column("customer_id", Uuid(), ForeignKey("customers.id"), primary_key=True),
    Column("at", Microseconds, primary_key=True),
    Column("message_id", Uuid(), ForeignKey("member_messages.id"), primary_key=True),
    Column("kind", String, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_received_messages_at", received_messages.c.at)
Index("ix_received_messages_kind", *(received_messages.c[name] for name in ("kind", "at", "customer_id")))
Index("ix_received_messages_message_id", received_messages.c.message_id)

customers_touched = Table(
    "customers_touched",
    metadata,
    Column("customer_id", Uuid(), primary_key=True),
    sqlite_with_rowid=False,
)

smart_group_states = Table(
    "smart_group_states",
    metadata,
    Column("group_id", Uuid(), ForeignKey("groups.id"), primary_key=True),
    Column("definition", String(64), nullable=False),
    Column("built_up_to", Uuid()),
    Column("is_built", Boolean, nullable=False),
    Column("is_first_build", Boolean, nullable=False),
    Column("swept_until", UtcDateTime, nullable=False),
    Column("members", Integer, nullable=False),
)

smart_group_members = Table(
    "smart_group_members",
    metadata,
    Column("group_id", Uuid(), ForeignKey("groups.id"), primary_key=True),
    Column("customer_id", Uuid(), ForeignKey("customers.id"), primary_key=True, index=True),
    Column("since", Microseconds, nullable=False),
    sqlite_with_rowid=False,
)
Index(
    "ix_smart_group_members_since",
    *(smart_group_members.c[name] for name in ("group_id", "since", "customer_id")),
)

smart_group_changes = Table(
    "smart_group_changes",
    metadata,
    Column("id", Uuid(), primary_key=True),
    reference("group_id", "groups.id"),
    reference("customer_id", "customers.id", index=True),
    Column("change", String, CheckConstraint("change IN ('joined', 'left')", name="change"), nullable=False),
    Column(
        "cause",
        String,
        CheckConstraint("cause IN ('activity', 'clock', 'definition')", name="cause"),
        nullable=False,
    ),
    Column("at", UtcDateTime, nullable=False),
)
Index("ix_smart_group_changes_group_at", smart_group_changes.c.group_id, smart_group_changes.c.at)

saved_views = Table(
    "saved_views",
    metadata,
    Column("id", Uuid(), primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("filters", Json, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
)
