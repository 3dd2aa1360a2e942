"""A customer touched "Use" beside a reward."""

from typing import Literal
from uuid import UUID

from messaging.model import Message, example


class RewardChosen(Message):
    """The reward tier that the customer wants to use on the sale shown (rows 137, 142)."""

    model_config = example(
        v=1, kind="reward_chosen", tier_id="0192f3c0-0000-7000-8000-000000000010", use=True
    )

    kind: Literal["reward_chosen"] = "reward_chosen"
    tier_id: UUID
    use: bool = True
    """False takes a chosen reward off the sale again."""
