"""Imports of customers: uploads, failed rows, rows that are known again, figures from before."""

import sqlalchemy as sa
from alembic import op

from loyalty.adapters.sql.schema.base import Json, UtcDateTime

revision = "v0010"
down_revision = "v0009"


def upgrade() -> None:
    _create_imports()
    _create_what_they_leave()
    op.create_index("ix_customers_email_folded", "customers", [sa.text("lower(email_address)")])


def _create_imports() -> None:
    op.create_table(
        "customer_imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("sheet", Json),
        sa.Column("plan", Json),
        sa.Column("fault", Json, nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("done", "imported", "matched", "changed", "failed")
        ),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("started_at", UtcDateTime()),
        sa.Column("finished_at", UtcDateTime()),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_customer_imports_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_imports")),
    )
    op.create_index(op.f("ix_customer_imports_state"), "customer_imports", ["state"])
    op.create_table(
        "customer_import_failures",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("faults", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["customer_imports.id"], name=op.f("fk_customer_import_failures_import_id")
        ),
        sa.PrimaryKeyConstraint("import_id", "line", name=op.f("pk_customer_import_failures")),
    )


def _create_what_they_leave() -> None:
    op.create_table(
        "customer_import_prints",
        sa.Column("print", sa.String(length=128), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_customer_import_prints_customer_id")
        ),
        sa.PrimaryKeyConstraint("print", name=op.f("pk_customer_import_prints")),
    )
    op.create_index(op.f("ix_customer_import_prints_customer_id"), "customer_import_prints", ["customer_id"])
    op.create_table(
        "customer_start_figures",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("spend_minor", sa.BigInteger(), nullable=False),
        sa.Column("first_visit_at", UtcDateTime()),
        sa.Column("last_visit_at", UtcDateTime()),
        sa.CheckConstraint("visits >= 0", name=op.f("ck_customer_start_figures_visits")),
        sa.CheckConstraint("spend_minor >= 0", name=op.f("ck_customer_start_figures_spend_minor")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_customer_start_figures_customer_id")
        ),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_customer_start_figures")),
    )
