"""Marketing by e-mail reaches a public address once its owner agreed, not all who have not unsubscribed."""

from alembic import op

from loyalty.adapters.sql.migrations.activity.triggers import (
    ONCE_GRANTED,
    copy_email_reach_as,
    stated_email_consent,
)

revision = "v0026"
down_revision = "v0025"


def upgrade() -> None:
    copy_email_reach_as(ONCE_GRANTED)
    op.execute(
        "UPDATE customer_summaries SET email_reach = NULL WHERE email_reach = 'public' AND customer_id IN "
        f"(SELECT c.id FROM customers c WHERE coalesce({stated_email_consent()}, '') <> 'granted')"
    )
