"""A promotion: extra points for a time, beside the programme (row 134)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from loyalty.domain.accrual.exclusions import in_order
from loyalty.domain.promotions.incentives import Incentive
from loyalty.domain.promotions.schedule import Schedule
from loyalty.errors import InvalidValueError

MAX_PROMOTION_NAME_CHARS = 70
MAX_TRIGGERS = 30


class TriggerPeriod(StrEnum):
    """Over what a trigger limit counts."""

    ALL_TIME = "all_time"
    DAY = "day"
    """The shop's day."""


@dataclass(frozen=True, slots=True)
class TriggerLimit:
    """How often one customer can have the promotion."""

    times: int
    per: TriggerPeriod = TriggerPeriod.ALL_TIME

    def __post_init__(self) -> None:
        if not 1 <= self.times <= MAX_TRIGGERS:
            raise InvalidValueError(f"a trigger limit is 1 to {MAX_TRIGGERS}", times=self.times)


class PromotionState(StrEnum):
    """Where a promotion is in its life."""

    SCHEDULED = "scheduled"
    ACTIVE = "active"
    """Its days have begun; whether it runs this hour is a matter of its windows."""
    ENDED = "ended"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Promotion:
    """Never changed once made, only cancelled: who bought under it can always be told why.

    With ``item_ids`` (items or variations) or ``category_ids``, one of them must have been paid for;
    never both. ``minimum_spend_minor`` is reached by the amount itself and is measured before tax on the
    whole sale.
    """

    id: UUID
    name: str
    incentive: Incentive
    schedule: Schedule
    created_at: datetime
    minimum_spend_minor: int = 0
    item_ids: tuple[UUID, ...] = ()
    category_ids: tuple[UUID, ...] = ()
    trigger_limit: TriggerLimit | None = None
    cancelled_at: datetime | None = None

    def __post_init__(self) -> None:
        if not 1 <= len(self.name) <= MAX_PROMOTION_NAME_CHARS:
            raise InvalidValueError(f"a promotion's name has 1 to {MAX_PROMOTION_NAME_CHARS} characters")
        if self.minimum_spend_minor < 0:
            raise InvalidValueError("a minimum is zero or more")
        if self.item_ids and self.category_ids:
            raise InvalidValueError("a promotion is for items or for categories, not for both")
        object.__setattr__(self, "item_ids", in_order(self.item_ids))
        object.__setattr__(self, "category_ids", in_order(self.category_ids))

    @property
    def is_for_certain_items(self) -> bool:
        return bool(self.item_ids or self.category_ids)

    def state(self, now: datetime, timezone: str) -> PromotionState:
        if self.cancelled_at is not None and self.cancelled_at <= now:
            return PromotionState.CANCELLED
        if self.schedule.has_ended(now, timezone):
            return PromotionState.ENDED
        begun = self.schedule.has_begun(now, timezone)
        return PromotionState.ACTIVE if begun else PromotionState.SCHEDULED
