"""Fuller profiles: nickname, preferences, state of e-mail, merged and erased ones; custom fields."""

import sqlalchemy as sa
from alembic import op

from loyalty.adapters.sql.schema.base import Json, UtcDateTime

revision = "v0004"
down_revision = "v0003"

_LIVING = sa.text("archived_at IS NULL")
_MERGED = sa.text("merged_into IS NOT NULL")


def upgrade() -> None:
    _widen_customers()
    _create_addresses()
    _create_custom_fields()


def _widen_customers() -> None:
    for column in (
        sa.Column("nickname", sa.String()),
        sa.Column("preferences", sa.Text()),
        sa.Column("is_email_private", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("email_bounced_at", UtcDateTime()),
        sa.Column("erased_at", UtcDateTime()),
    ):
        op.add_column("customers", column)
    name = "fk_customers_merged_into"
    if op.get_bind().dialect.name == "postgresql":
        op.add_column("customers", sa.Column("merged_into", sa.Uuid()))
        op.create_foreign_key(op.f(name), "customers", "customers", ["merged_into"], ["id"])
    else:  # in place: a copy of the table would lose what refers to it
        op.execute(
            "ALTER TABLE customers ADD COLUMN merged_into CHAR(32) "
            f"CONSTRAINT {name} REFERENCES customers (id)"
        )
    op.create_index(
        "ix_customers_merged_into",
        "customers",
        ["merged_into"],
        sqlite_where=_MERGED,
        postgresql_where=_MERGED,
    )


def _create_addresses() -> None:
    op.create_table(
        "customer_addresses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String()),
        sa.Column("line_1", sa.String()),
        sa.Column("line_2", sa.String()),
        sa.Column("locality", sa.String()),
        sa.Column("administrative_area", sa.String()),
        sa.Column("postal_code", sa.String()),
        sa.Column("country", sa.String(length=2)),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_customer_addresses_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_addresses")),
    )
    for column in ("customer_id", "postal_code"):
        op.create_index(op.f(f"ix_customer_addresses_{column}"), "customer_addresses", [column])


def _create_custom_fields() -> None:
    op.create_table(
        "custom_fields",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("choices", Json, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("archived_at", UtcDateTime()),
        sa.CheckConstraint(
            "kind IN ('text', 'number', 'date', 'email', 'phone', 'toggle', 'selection')",
            name=op.f("ck_custom_fields_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custom_fields")),
    )
    op.create_index(
        "uq_custom_fields_living_name",
        "custom_fields",
        ["name"],
        unique=True,
        sqlite_where=_LIVING,
        postgresql_where=_LIVING,
    )
    op.create_table(
        "custom_values",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("field_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("number", sa.Numeric(24, 6)),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_custom_values_customer_id")),
        sa.ForeignKeyConstraint(["field_id"], ["custom_fields.id"], name=op.f("fk_custom_values_field_id")),
        sa.PrimaryKeyConstraint("customer_id", "field_id", name=op.f("pk_custom_values")),
    )
    op.create_index("ix_custom_values_field_text", "custom_values", ["field_id", "text"])
