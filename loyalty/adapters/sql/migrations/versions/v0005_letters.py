"""E-mail: the HTML of a message, and receipts for somebody whom nobody knows."""

import sqlalchemy as sa
from alembic import op

revision = "v0005"
down_revision = "v0004"

_WITH_CUSTOMER = ("member_messages", "opt_out_links")
_BOUND, _FREE = "customer_id CHAR(32) NOT NULL", "customer_id CHAR(32)"


def upgrade() -> None:
    op.add_column("member_messages", sa.Column("html", sa.Text()))
    if op.get_bind().dialect.name == "postgresql":
        for table in _WITH_CUSTOMER:
            op.alter_column(table, "customer_id", nullable=True)
    else:
        _let_customers_be_missing()


def _let_customers_be_missing() -> None:
    """In place, as SQLite's manual tells (lang_altertable, 7): a copy would lose what refers to it."""
    connection = op.get_bind()
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    for table in _WITH_CUSTOMER:
        changed = connection.exec_driver_sql(
            "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) "
            "WHERE type = 'table' AND name = ? AND instr(sql, ?) > 0",
            (_BOUND, _FREE, table, _BOUND),
        ).rowcount
        if changed != 1:
            raise sa.exc.InvalidRequestError(f"the table {table} is not as v0002 left it")
    connection.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema=RESET")
