"""Making and cancelling promotions: what is allowed, and why not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from loyalty.domain.accrual import AccrualRule, AmountRule, VisitRule
from loyalty.domain.promotions.promotion import (
    MAX_PROMOTION_NAME_CHARS,
    Promotion,
    PromotionState,
)
from loyalty.domain.text import clean_line
from loyalty.domain.why import Refusal, Refused

MAX_PROMOTIONS = 10
"""Active and scheduled ones together."""

_LIVING = (PromotionState.SCHEDULED, PromotionState.ACTIVE)


def checked_promotion_name(text: str) -> str | Refused:
    """The name as one clean line; refused, not cut, where it is too long."""
    name = clean_line(text, len(text))
    if name is None:
        return Refused(Refusal.NAME_INVALID)
    if len(name) > MAX_PROMOTION_NAME_CHARS:
        return Refused(
            Refusal.PROMOTION_NAME_TOO_LONG, {"max": MAX_PROMOTION_NAME_CHARS, "length": len(name)}
        )
    return name


def why_not_add(
    new: Promotion, existing: Sequence[Promotion], rule: AccrualRule, now: datetime, timezone: str
) -> Refused | None:
    """Why this promotion cannot be added; None where it can.

    Promotions for certain items go with a rule by visit or amount only: a rule by item or category says
    already what earns.
    """
    if new.schedule.has_ended(now, timezone):
        return Refused(Refusal.PROMOTION_OVER)
    if new.is_for_certain_items and not isinstance(rule, AmountRule | VisitRule):
        return Refused(Refusal.PROMOTION_ITEMS_NEED_SPENDING_RULE)
    living = sum(each.state(now, timezone) in _LIVING for each in existing if each.id != new.id)
    if living >= MAX_PROMOTIONS:
        return Refused(Refusal.TOO_MANY_PROMOTIONS, {"max": MAX_PROMOTIONS})
    return None


def cancelled(promotion: Promotion, now: datetime, timezone: str) -> Promotion | Refused:
    """The promotion, over from now on; points that it gave stay."""
    if promotion.state(now, timezone) not in _LIVING:
        return Refused(Refusal.PROMOTION_OVER)
    return replace(promotion, cancelled_at=now)
