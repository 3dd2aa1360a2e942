"""The members of a smart group in their whole order: thousands join at one instant when a group is made."""

from alembic import op

revision = "v0025"
down_revision = "v0024"


def upgrade() -> None:
    op.drop_index("ix_smart_group_members_since", "smart_group_members")
    op.create_index(
        "ix_smart_group_members_since", "smart_group_members", ["group_id", "since", "customer_id"]
    )
