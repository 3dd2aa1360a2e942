"""Training receipts count in a series of their own, so that the shop's has no gaps.

The series starts where no shop's own gets to and fits what registers keep a number in (32 bits). Receipts of
training from before keep their numbers.
"""

from alembic import op

revision = "v0032"
down_revision = "v0031"


def upgrade() -> None:
    op.execute("INSERT INTO counters (name, value) VALUES ('training receipt', 900000000)")
