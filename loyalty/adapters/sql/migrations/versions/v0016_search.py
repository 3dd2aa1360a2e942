"""Search as one types: names, references, numbers and addresses of customers."""

import logging

import sqlalchemy as sa
from alembic import op
from sqlalchemy.exc import SQLAlchemyError

from loyalty.adapters.sql.search_index import fill_index

revision = "v0016"
down_revision = "v0015"

_log = logging.getLogger(__name__)
_FOLLOW = (
    "UPDATE customer_search SET recent = coalesce(NEW.visit_1_at, 0) WHERE customer_id = NEW.customer_id"
)
_TEXTS = ("names", "reference", "digits", "email")


def upgrade() -> None:
    op.create_table(
        "customer_search",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("recent", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("given", "family", *_TEXTS)),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_customer_search_customer_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_customer_search")),
        sa.UniqueConstraint("customer_id", name=op.f("uq_customer_search_customer_id")),
    )
    op.create_index("ix_customer_search_recent", "customer_search", ["recent", *_TEXTS])
    for name in ("given", "family"):
        op.create_index(f"ix_customer_search_{name}", "customer_search", [name])
    op.create_index("ix_customer_summaries_created_at", "customer_summaries", ["created_at"])
    if op.get_bind().dialect.name == "postgresql":
        _follow_visits_on_postgresql()
        _index_trigrams()
    else:
        _follow_visits_on_sqlite()
        _make_full_text()
    fill_index(op.get_bind())
    op.execute(
        "UPDATE customer_search SET recent = coalesce((SELECT s.visit_1_at FROM customer_summaries s "
        "WHERE s.customer_id = customer_search.customer_id), 0)"
    )


def _follow_visits_on_sqlite() -> None:
    op.execute(
        "CREATE TRIGGER customer_summaries_update_search AFTER UPDATE OF visit_1_at ON customer_summaries "
        "WHEN NEW.visit_1_at IS NOT OLD.visit_1_at BEGIN "
        f"{_FOLLOW}; "
        "END"
    )


def _follow_visits_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION follow_last_visit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"{_FOLLOW}; "
        "RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER customer_summaries_update_search AFTER UPDATE OF visit_1_at ON customer_summaries "
        "FOR EACH ROW WHEN (NEW.visit_1_at IS DISTINCT FROM OLD.visit_1_at) "
        "EXECUTE FUNCTION follow_last_visit()"
    )


def _make_full_text() -> None:
    """A table of trigrams; it holds no text of its own, so what leaves it must be told to it."""
    columns = ", ".join(_TEXTS)
    new, old = (", ".join(f"{row}.{name}" for name in _TEXTS) for row in ("NEW", "OLD"))
    put = f"INSERT INTO customer_search_text (rowid, {columns}) VALUES (NEW.number, {new});"
    take = (
        f"INSERT INTO customer_search_text (customer_search_text, rowid, {columns}) "
        f"VALUES ('delete', OLD.number, {old});"
    )
    op.execute(
        f"CREATE VIRTUAL TABLE customer_search_text USING fts5({columns}, content='customer_search', "
        "content_rowid='number', tokenize='trigram', detail='none', columnsize=0)"
    )
    op.execute(f"CREATE TRIGGER customer_search_insert AFTER INSERT ON customer_search BEGIN {put} END")
    op.execute(f"CREATE TRIGGER customer_search_delete AFTER DELETE ON customer_search BEGIN {take} END")
    op.execute(
        f"CREATE TRIGGER customer_search_update AFTER UPDATE OF {columns} ON customer_search "
        f"BEGIN {take} {put} END"
    )


def _index_trigrams() -> None:
    """Without the extension the search still answers, reading every entry where few match."""
    connection = op.get_bind()
    try:
        with connection.begin_nested():
            connection.execute(sa.text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
    except SQLAlchemyError:
        _log.warning(
            "this database user may not create the extension pg_trgm: search of customers is slow with many "
            "of them; let an administrator run CREATE EXTENSION pg_trgm and then the index, see operations.md"
        )
        return
    columns = ", ".join(f"{name} gin_trgm_ops" for name in _TEXTS)
    op.execute(f"CREATE INDEX ix_customer_search_trigrams ON customer_search USING gin ({columns})")
