"""PostgreSQL's index of trigrams keeps a short list of what is not sorted in yet: searches read all of it.

By itself the list grows to 4 MB, which three ways in which a text may match read three times: five of eight
milliseconds of a search. Each sale adds to it, for its row moves.
"""

import sqlalchemy as sa
from alembic import op

revision = "v0033"
down_revision = "v0032"

_INDEX = "ix_customer_search_trigrams"
_AT_MOST_KIB = 128


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    if connection.execute(sa.text("SELECT to_regclass(:name)"), {"name": _INDEX}).scalar() is None:
        return  # without the extension there is no such index
    op.execute(f"ALTER INDEX {_INDEX} SET (gin_pending_list_limit = {_AT_MOST_KIB})")
    op.execute(f"SELECT gin_clean_pending_list('{_INDEX}')")
