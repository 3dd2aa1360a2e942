"""What the shop set up. Every change of these tables raises ``setup_revision``, which empties caches."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Uuid,
    false,
    text,
)

from loyalty.adapters.sql.schema.base import Json, UtcDateTime, id_column, metadata, reference

setup_revision = Table(
    "setup_revision",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1", name="one_row"), primary_key=True, autoincrement=False),
    Column("revision", Integer, nullable=False),
)

shop_settings = Table(
    "shop_settings",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1", name="one_row"), primary_key=True, autoincrement=False),
    Column("name", String, nullable=False),
    Column("store", String, nullable=False),
    Column("country", String(2), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("timezone", String, nullable=False),
    Column("default_language", String, nullable=False),
    Column("languages", Json, nullable=False),
    Column("phone_region", String(2), nullable=False),
    Column("trust", Json, nullable=False),
    Column("is_demo", Boolean, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("smallest_coin_minor", Integer, nullable=False, server_default="1"),
)

lanes = Table(
    "lanes",
    metadata,
    id_column(),
    Column("number", Integer, CheckConstraint("number > 0", name="number"), nullable=False, unique=True),
    Column("device", String, unique=True),
    Column("is_training", Boolean, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("is_companion", Boolean, nullable=False, server_default=text("false")),
    Column("sound_volume_percent", Integer, nullable=False, server_default=text("50")),
    Column("sound_cues", Boolean, nullable=False, server_default=text("true")),
    Column("sound_speech", Boolean, nullable=False, server_default=text("true")),
)

categories = Table(
    "categories",
    metadata,
    id_column(),
    Column("name", String, nullable=False),
    Column("position", Integer, nullable=False),
)

tax_rates = Table(
    "tax_rates",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column(
        "rate_ppm",
        Integer,
        CheckConstraint("rate_ppm >= 0 AND rate_ppm <= 1000000", name="rate"),
        nullable=False,
    ),
    Column(
        "inclusion",
        String,
        CheckConstraint("inclusion IN ('included', 'on_top')", name="inclusion"),
        nullable=False,
    ),
)

items = Table(
    "items",
    metadata,
    id_column(),
    Column("name", String, nullable=False),
    Column("price_minor", Integer, CheckConstraint("price_minor >= 0", name="price"), nullable=False),
    reference("category_id", "categories.id", nullable=True),
    Column("barcode", String),
    Column("position", Integer, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("is_gift_card", Boolean, nullable=False, server_default=false()),
)
Index(
    "uq_items_active_barcode",
    items.c.barcode,
    unique=True,
    sqlite_where=text("is_active = 1"),
    postgresql_where=text("is_active"),
)

item_variations = Table(
    "item_variations",
    metadata,
    id_column(),
    reference("item_id", "items.id", index=True),
    Column("name", String, nullable=False),
    Column("price_minor", Integer, CheckConstraint("price_minor >= 0", name="price"), nullable=False),
    Column("barcode", String),
    Column("position", Integer, nullable=False),
    Column("is_active", Boolean, nullable=False),
)
Index(
    "uq_item_variations_active_barcode",
    item_variations.c.barcode,
    unique=True,
    sqlite_where=text("is_active = 1"),
    postgresql_where=text("is_active"),
)

item_tax_rates = Table(
    "item_tax_rates",
    metadata,
    Column("item_id", Uuid(), ForeignKey("items.id"), primary_key=True),
    Column("tax_rate_id", String, ForeignKey("tax_rates.id"), primary_key=True),
)

programme_versions = Table(
    "programme_versions",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("valid_from", UtcDateTime, nullable=False),
    Column("accrual", Json, nullable=False),
    Column("points_name_one", String, nullable=False),
    Column("points_name_many", String, nullable=False),
    Column("is_active", Boolean, nullable=False, server_default=text("true")),
    Column("expiry", Json),
    Column("max_rewards_per_sale", Integer),
)

reward_tiers = Table(
    "reward_tiers",
    metadata,
    Column("programme_version", Integer, ForeignKey("programme_versions.version"), primary_key=True),
    Column("tier_id", Uuid(), primary_key=True),
    Column(
        "name",
        String(100),
        CheckConstraint("length(name) BETWEEN 1 AND 100", name="name_length"),
        nullable=False,
    ),
    Column("points", Integer, CheckConstraint("points > 0", name="points"), nullable=False),
    Column("terms", Json, nullable=False),
    Column("position", Integer, nullable=False),
)
