"""What customers are found by while somebody types.

On SQLite a full-text table of trigrams stands beside it, kept by triggers; on PostgreSQL an index of
trigrams. Neither is part of this metadata: SQLite's is a virtual table, PostgreSQL's needs an extension.
"""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Uuid, text

from loyalty.adapters.sql.schema.base import metadata

SEARCH_TEXT = "customer_search_text"
SEARCH_TRIGRAMS = "ix_customer_search_trigrams"

customer_search = Table(
    "customer_search",
    metadata,
    Column("number", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True),
    Column("customer_id", Uuid(), ForeignKey("customers.id"), nullable=False, unique=True),
    Column("recent", BigInteger, nullable=False, server_default=text("0")),
    Column("given", String, nullable=False),
    Column("family", String, nullable=False),
    Column("names", String, nullable=False),
    Column("reference", String, nullable=False),
    Column("digits", String, nullable=False),
    Column("email", String, nullable=False),
)
Index(
    "ix_customer_search_recent",
    *(customer_search.c[name] for name in ("recent", "names", "reference", "digits", "email")),
    postgresql_include=["number"],  # SQLite's indexes hold it anyway
)
Index("ix_customer_search_given", customer_search.c.given)
Index("ix_customer_search_family", customer_search.c.family)
