"""What happens beside and after a sale: refunds, payment cards, birthdays, the audit log."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Uuid,
)

from loyalty.adapters.sql.schema.base import Json, UtcDateTime, id_column, metadata, reference

refunds = Table(
    "refunds",
    metadata,
    id_column(),
    reference("sale_id", "sales.id", index=True),
    Column("key", String(128), nullable=False, unique=True),
    Column(
        "kind", String, CheckConstraint("kind IN ('refund', 'void', 'exchange')", name="kind"), nullable=False
    ),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("amount_minor", BigInteger, nullable=False),
    Column("is_whole", Boolean, nullable=False),
    Column("quote", Json, nullable=False),
    Column("reason", String, nullable=False),
    reference("given_by", "staff.id"),
    Column("tenders", Json, nullable=False),
    reference("exchange_sale_id", "sales.id", nullable=True),
)

linked_cards = Table(
    "linked_cards",
    metadata,
    id_column(),
    reference("customer_id", "customers.id", index=True),
    Column("brand", String, nullable=False),
    Column(
        "last_four", String(4), CheckConstraint("length(last_four) = 4", name="last_four"), nullable=False
    ),
    Column("fingerprint", String(128), nullable=False),
    Column("linked_at", UtcDateTime, nullable=False),
    Column("unlinked_at", UtcDateTime),
)
Index(
    "uq_linked_cards_fingerprint",
    linked_cards.c.fingerprint,
    unique=True,
    sqlite_where=linked_cards.c.unlinked_at.is_(None),
    postgresql_where=linked_cards.c.unlinked_at.is_(None),
)

customer_birthdays = Table(
    "customer_birthdays",
    metadata,
    Column("customer_id", Uuid(), ForeignKey("customers.id"), primary_key=True),
    Column("month", Integer, CheckConstraint("month BETWEEN 1 AND 12", name="month"), nullable=False),
    Column("day", Integer, CheckConstraint("day BETWEEN 1 AND 31", name="day"), nullable=False),
    Column("year", Integer),
)
Index(
    "ix_customer_birthdays_month_day_year",
    customer_birthdays.c.month,
    customer_birthdays.c.day,
    customer_birthdays.c.year,
)

audit_entries = Table(
    "audit_entries",
    metadata,
    id_column(),
    Column("at", UtcDateTime, nullable=False, index=True),
    reference("staff_id", "staff.id", nullable=True, index=True),
    Column("action", String, nullable=False),
    Column("subject", String, nullable=False, index=True),
    Column("params", Json, nullable=False),
)

daily_digests = Table(
    "daily_digests",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("made_at", UtcDateTime, nullable=False),
    Column("content", Json, nullable=False),
)
