"""Sales with lines and rewards, identifications, ended sessions."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    String,
    Table,
    Uuid,
    and_,
    false,
)

from loyalty.adapters.sql.schema.base import Json, Microseconds, UtcDateTime, id_column, metadata, reference

sales = Table(
    "sales",
    metadata,
    id_column(),
    reference("lane_id", "lanes.id"),
    Column(
        "state",
        String,
        CheckConstraint("state IN ('open', 'held', 'completed', 'voided')", name="state"),
        nullable=False,
    ),
    Column("currency", String(3), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    reference("opened_by", "staff.id", nullable=True),
    Column("is_training", Boolean, nullable=False),
    reference("customer_id", "customers.id", nullable=True),
    reference("account_id", "loyalty_accounts.id", nullable=True),
    Column("identification_id", Uuid()),
    Column("method", String),
    Column("trust", Integer),
    Column("session_id", Uuid()),
    reference("discount_confirmed_by", "staff.id", nullable=True),
    Column("closed_at", UtcDateTime),
    Column("completion_key", String(128), unique=True),
    Column("receipt_number", BigInteger, unique=True),
    Column("total_minor", BigInteger),
    Column("discount_minor", BigInteger),
    Column("tax_minor", BigInteger),
    Column("points_earned", Integer),
    Column("points_redeemed", Integer),
    Column("receipt", Json),
    Column("version", Integer, nullable=False),
    Column("channel", String, nullable=False, server_default="counter"),
    reference("exchange_of", "sales.id", nullable=True),
    Column("register_reference", String(128)),
    Column("discounts", Json),
    Column("terms", Json),
    CheckConstraint("(state = 'completed') = (receipt_number IS NOT NULL)", name="completed_has_receipt"),
    CheckConstraint("(state IN ('completed', 'voided')) = (closed_at IS NOT NULL)", name="closed_has_date"),
)
Index(
    "uq_sales_open_in_lane",
    sales.c.lane_id,
    unique=True,
    sqlite_where=sales.c.state == "open",
    postgresql_where=sales.c.state == "open",
)
Index("ix_sales_lane_closed", sales.c.lane_id, sales.c.closed_at)
Index("ix_sales_closed_at", sales.c.closed_at)
Index("ix_sales_customer_closed", sales.c.customer_id, sales.c.closed_at)
Index(
    "ix_sales_unfinished",
    sales.c.account_id,
    sqlite_where=sales.c.closed_at.is_(None),
    postgresql_where=sales.c.closed_at.is_(None),
)

sale_lines = Table(
    "sale_lines",
    metadata,
    id_column(),
    reference("sale_id", "sales.id", index=True),
    Column("position", Integer, nullable=False),
    reference("item_id", "items.id"),
    Column("name", String, nullable=False),
    Column(
        "unit_price_minor", Integer, CheckConstraint("unit_price_minor >= 0", name="price"), nullable=False
    ),
    Column(
        "quantity", Integer, CheckConstraint("quantity BETWEEN 1 AND 999", name="quantity"), nullable=False
    ),
    reference("category_id", "categories.id", nullable=True),
    Column("tax_rates", Json, nullable=False),
    Column("net_minor", BigInteger),
    reference("variation_id", "item_variations.id", nullable=True),
    Column("bought_by", Uuid()),
    Column("bought_at", Microseconds),
    Column("is_gift_card", Boolean, nullable=False, server_default=false()),
)
for _bought in ("item_id", "category_id", "variation_id"):
    _is_known = and_(sale_lines.c.bought_by.is_not(None), sale_lines.c[_bought].is_not(None))
    Index(
        f"ix_sale_lines_bought_{_bought}",
        sale_lines.c[_bought],
        sale_lines.c.bought_by,  # before the time: sets of buyers are made twice as fast in their order
        sale_lines.c.bought_at,
        sqlite_where=_is_known,
        postgresql_where=_is_known,
    )

sale_rewards = Table(
    "sale_rewards",
    metadata,
    id_column(),
    reference("sale_id", "sales.id", index=True),
    Column("position", Integer, nullable=False),
    Column("tier_id", Uuid(), nullable=False),
    Column("name", String, nullable=False),
    Column("points", Integer, CheckConstraint("points > 0", name="points"), nullable=False),
    Column("terms", Json, nullable=False),
    reference("confirmed_by", "staff.id", nullable=True),
)

counters = Table(
    "counters",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

identifications = Table(
    "identifications",
    metadata,
    id_column(),
    reference("customer_id", "customers.id", index=True),
    reference("account_id", "loyalty_accounts.id", nullable=True),
    Column("method", String, nullable=False),
    Column("trust", Integer, CheckConstraint("trust BETWEEN 0 AND 3", name="trust"), nullable=False),
    reference("lane_id", "lanes.id"),
    Column("session_id", Uuid(), index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("device_time", UtcDateTime),
    reference("sale_id", "sales.id", nullable=True, index=True),
    Column("attachment", String, nullable=False),
)

ended_sessions = Table(
    "ended_sessions",
    metadata,
    Column("session_id", Uuid(), primary_key=True),
    Column("device", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("ended_at", UtcDateTime, nullable=False, index=True),
)
