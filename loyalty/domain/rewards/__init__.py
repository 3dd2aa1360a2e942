"""Reward kinds: one module each, registered by its kind. A new kind is a module and a line in ``REWARDS``."""

from loyalty.domain.rewards.amount_off_sale import AmountOffSale
from loyalty.domain.rewards.percentage_off_sale import PercentageOffSale

RewardTerms = PercentageOffSale | AmountOffSale
"""What a reward gives: frozen parameters with ``kind`` and ``quote(base_minor)``."""

REWARDS: dict[str, type[RewardTerms]] = {
    PercentageOffSale.kind: PercentageOffSale,
    AmountOffSale.kind: AmountOffSale,
}

__all__ = ["REWARDS", "AmountOffSale", "PercentageOffSale", "RewardTerms"]
