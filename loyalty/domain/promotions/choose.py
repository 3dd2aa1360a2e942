"""Which promotion a purchase gets: at most one, the newest that qualifies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from loyalty.domain.accrual import AccrualBase
from loyalty.domain.calendar import local_date
from loyalty.domain.promotions.incentives import PointsMultiplier
from loyalty.domain.promotions.promotion import Promotion, PromotionState, TriggerPeriod
from loyalty.domain.why import Why, WhyCode

History = Mapping[UUID, Sequence[datetime]]
"""By promotion: when this customer had it."""


@dataclass(frozen=True, slots=True)
class Promoted:
    """The promotion chosen, or None; the points it adds; and why, also of those that did not apply."""

    promotion: Promotion | None
    points: int
    why: tuple[Why, ...]


def choose_promotion(
    promotions: Sequence[Promotion],
    base: AccrualBase,
    base_points: int,
    *,
    at: datetime,
    timezone: str,
    history: History,
) -> Promoted:
    """The newest promotion that runs at ``at`` and whose conditions the purchase meets.

    One that a trigger limit blocks makes room for the next. Without base points there is none at all,
    and nothing is said about any.
    """
    if base_points <= 0:
        return Promoted(None, 0, ())
    running = [
        each
        for each in promotions
        if each.created_at <= at and each.state(at, timezone) is PromotionState.ACTIVE
    ]
    why: list[Why] = []
    for promotion in sorted(running, key=lambda each: (each.created_at, each.id), reverse=True):
        fault = _fault(promotion, base, at=at, timezone=timezone, had=history.get(promotion.id, ()))
        extra = promotion.incentive.extra_points(base_points)
        if fault is None and extra > 0:
            return Promoted(promotion, extra, (_reason(promotion, base_points, extra), *why))
        why.append(fault or _says(promotion, WhyCode.PROMOTION_GIVES_NOTHING, base_points=base_points))
    return Promoted(None, 0, tuple(why))


def still_promoted(promotion: Promotion, base: AccrualBase, base_points: int) -> int:
    """What the promotion that a sale had adds to what is left of it after a refund."""
    if base_points <= 0 or _unmet(promotion, base) is not None:
        return 0
    return promotion.incentive.extra_points(base_points)


def _fault(
    promotion: Promotion, base: AccrualBase, *, at: datetime, timezone: str, had: Sequence[datetime]
) -> Why | None:
    if not promotion.schedule.is_on(at, timezone):
        return _says(promotion, WhyCode.PROMOTION_NOT_NOW)
    limit = promotion.trigger_limit
    if limit is not None:
        today = local_date(at, timezone)
        in_all = limit.per is TriggerPeriod.ALL_TIME
        count = sum(in_all or local_date(when, timezone) == today for when in had)
        if count >= limit.times:
            return _says(promotion, WhyCode.PROMOTION_LIMIT_REACHED, times=limit.times, per=limit.per.value)
    return _unmet(promotion, base)


def _unmet(promotion: Promotion, base: AccrualBase) -> Why | None:
    if base.before_tax_minor < promotion.minimum_spend_minor:
        return _says(
            promotion,
            WhyCode.PROMOTION_BELOW_MINIMUM,
            base_minor=base.before_tax_minor,
            minimum_minor=promotion.minimum_spend_minor,
        )
    if promotion.is_for_certain_items and not any(
        line.quantity > 0
        and (
            line.item_id in promotion.item_ids
            or line.variation_id in promotion.item_ids
            or line.category_id in promotion.category_ids
        )
        for line in base.lines
    ):
        return _says(promotion, WhyCode.PROMOTION_WITHOUT_ITEM)
    return None


def _reason(promotion: Promotion, base_points: int, extra: int) -> Why:
    if isinstance(promotion.incentive, PointsMultiplier):
        return _says(
            promotion,
            WhyCode.PROMOTION_MULTIPLIED,
            multiplier_milli=promotion.incentive.multiplier_milli,
            base_points=base_points,
            points=extra,
        )
    return _says(promotion, WhyCode.PROMOTION_ADDED, base_points=base_points, points=extra)


def _says(promotion: Promotion, code: WhyCode, **params: int | str) -> Why:
    return Why(code, {"promotion": promotion.name, "promotion_id": str(promotion.id), **params})
