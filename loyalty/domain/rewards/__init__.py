"""Reward kinds: one module each, registered by its kind. A new kind is a module and a line in ``REWARDS``.

Every kind has the same face: ``scope`` and ``units`` say which part of the sale it sees, ``quote`` what it
takes off that part, ``ceiling_minor`` the most it may take, ``order`` when its turn is (docs/rules.md).
Rewards are stored through ``loyalty.domain.parameters``.
"""

from loyalty.domain.rewards.amount_off_items import AmountOffItems
from loyalty.domain.rewards.amount_off_sale import AmountOffSale
from loyalty.domain.rewards.free_item import FreeItem
from loyalty.domain.rewards.percentage_off_items import PercentageOffItems
from loyalty.domain.rewards.percentage_off_sale import PercentageOffSale

RewardTerms = PercentageOffSale | AmountOffSale | PercentageOffItems | AmountOffItems | FreeItem
"""What a reward gives: frozen parameters with ``kind`` and ``quote(base_minor)``."""

REWARDS: dict[str, type[RewardTerms]] = {
    PercentageOffSale.kind: PercentageOffSale,
    AmountOffSale.kind: AmountOffSale,
    PercentageOffItems.kind: PercentageOffItems,
    AmountOffItems.kind: AmountOffItems,
    FreeItem.kind: FreeItem,
}

__all__ = [
    "REWARDS",
    "AmountOffItems",
    "AmountOffSale",
    "FreeItem",
    "PercentageOffItems",
    "PercentageOffSale",
    "RewardTerms",
]
