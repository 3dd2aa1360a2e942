"""Loyalty accounts, the append-only ledger and its lots (ADR 0003)."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    Uuid,
)

from loyalty.adapters.sql.schema.base import Json, UtcDateTime, id_column, metadata, reference

loyalty_accounts = Table(
    "loyalty_accounts",
    metadata,
    id_column(),
    Column("customer_id", Uuid(), ForeignKey("customers.id"), nullable=False, unique=True),
    Column("phone_number", String, unique=True),
    Column("balance", Integer, nullable=False),
    Column("enrolled_at", UtcDateTime, nullable=False),
    Column("sequence", Integer, CheckConstraint("sequence >= 0", name="sequence"), nullable=False),
)

ledger_entries = Table(
    "ledger_entries",
    metadata,
    id_column(),
    reference("account_id", "loyalty_accounts.id"),
    Column("kind", String, nullable=False),
    Column("points", Integer, nullable=False),
    Column("booked_at", UtcDateTime, nullable=False),
    Column("source", String, nullable=False, index=True),
    Column("idempotency_key", String(128), nullable=False),
    Column("earned_at", UtcDateTime),
    Column("expires_at", UtcDateTime),
    reference("corrects", "ledger_entries.id", nullable=True),
    Column("why", Json, nullable=False),
    reference("origin_lot", "ledger_entries.id", nullable=True),
    reference("staff_id", "staff.id", nullable=True),
    UniqueConstraint("account_id", "idempotency_key"),
    CheckConstraint("points <> 0", name="points_not_zero"),
    CheckConstraint("kind NOT IN ('earn', 'opening') OR points > 0", name="sign_of_gains"),
    CheckConstraint("kind NOT IN ('redeem') OR points < 0", name="sign_of_uses"),
    CheckConstraint("kind <> 'correction' OR corrects IS NOT NULL", name="correction_names_entry"),
    CheckConstraint("(points > 0) = (earned_at IS NOT NULL)", name="gain_has_date"),
)

Index("ix_ledger_entries_booked_at", ledger_entries.c.booked_at)
Index(
    "ix_ledger_entries_corrects",
    ledger_entries.c.corrects,
    sqlite_where=ledger_entries.c.corrects.is_not(None),
    postgresql_where=ledger_entries.c.corrects.is_not(None),
)

lots = Table(
    "lots",
    metadata,
    Column("entry_id", Uuid(), ForeignKey("ledger_entries.id"), primary_key=True),
    reference("account_id", "loyalty_accounts.id"),
    Column("points", Integer, nullable=False),
    Column("remaining", Integer, nullable=False),
    Column("earned_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    CheckConstraint("remaining >= 0 AND remaining <= points", name="remaining"),
)
Index(
    "ix_lots_open",
    lots.c.account_id,
    sqlite_where=lots.c.remaining > 0,
    postgresql_where=lots.c.remaining > 0,
)

Index(
    "ix_lots_expiring",
    lots.c.expires_at,
    sqlite_where=lots.c.remaining > 0,
    postgresql_where=lots.c.remaining > 0,
)

lot_uses = Table(
    "lot_uses",
    metadata,
    Column("entry_id", Uuid(), ForeignKey("ledger_entries.id"), primary_key=True),
    Column("lot_id", Uuid(), ForeignKey("lots.entry_id"), primary_key=True),
    Column("points", Integer, CheckConstraint("points > 0", name="points"), nullable=False),
)
Index("ix_lot_uses_lot_id", lot_uses.c.lot_id)
