"""Indexes of purchases as filters use them: fewer for each sale, and one that answers by itself."""

from alembic import op

revision = "v0020"
down_revision = "v0019"


def upgrade() -> None:
    op.drop_index("ix_customer_purchases_lane_at", "customer_purchases")
    op.drop_index("ix_purchase_cards_brand", "purchase_cards")
    op.drop_index("ix_purchase_cards_last_four", "purchase_cards")
    op.create_index(
        "ix_purchase_cards_last_four", "purchase_cards", ["last_four", "brand", "at", "customer_id"]
    )
