"""Promotions on top of the programme: incentives, schedules, limits, and which one a purchase gets."""

from loyalty.domain.promotions.choose import Promoted, choose_promotion
from loyalty.domain.promotions.incentives import INCENTIVES, Incentive, PointsAddition, PointsMultiplier
from loyalty.domain.promotions.promotion import Promotion, PromotionState, TriggerLimit, TriggerPeriod
from loyalty.domain.promotions.schedule import Schedule, WeeklyWindow

__all__ = [
    "INCENTIVES",
    "Incentive",
    "PointsAddition",
    "PointsMultiplier",
    "Promoted",
    "Promotion",
    "PromotionState",
    "Schedule",
    "TriggerLimit",
    "TriggerPeriod",
    "WeeklyWindow",
    "choose_promotion",
]
