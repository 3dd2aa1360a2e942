"""Visits: how many count in a month (row 166), and which days look unusual (row 185)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from loyalty.domain.calendar import local_date
from loyalty.errors import InvalidValueError

UNUSUAL_VISITS_A_DAY = 5
MIN_UNUSUAL = 2


@dataclass(frozen=True, slots=True)
class LoyaltyVisit:
    """One visit (``loyalty.domain.refunds.is_visit``) of a member with an account."""

    sale_id: UUID
    account_id: UUID
    at: datetime
    points_earned: int
    rewards_used: int = 0

    @property
    def is_qualifying(self) -> bool:
        """The member took part: earned points or used a reward."""
        return self.points_earned > 0 or self.rewards_used > 0


def qualifying_visits_by_month(visits: Iterable[LoyaltyVisit], timezone: str) -> dict[date, int]:
    """How many qualifying visits each month of the shop had, by its first day, oldest first."""
    counts = Counter(local_date(visit.at, timezone).replace(day=1) for visit in visits if visit.is_qualifying)
    return dict(sorted(counts.items()))


@dataclass(frozen=True, slots=True)
class UnusualDay:
    """A member who earned strikingly often on one day of the shop."""

    account_id: UUID
    day: date
    visits: int


def unusual_days(
    visits: Iterable[LoyaltyVisit], timezone: str, threshold: int = UNUSUAL_VISITS_A_DAY
) -> tuple[UnusualDay, ...]:
    """Days with ``threshold`` earning visits or more of one account, newest first, then most visits.

    Raises:
        InvalidValueError: The threshold is below 2: one visit a day is what everybody does.
    """
    if threshold < MIN_UNUSUAL:
        raise InvalidValueError("a flag needs at least two visits a day", threshold=threshold)
    counts = Counter(
        (visit.account_id, local_date(visit.at, timezone)) for visit in visits if visit.points_earned > 0
    )
    flagged = [
        UnusualDay(account, day, count) for (account, day), count in counts.items() if count >= threshold
    ]
    return tuple(sorted(flagged, key=lambda each: (-each.day.toordinal(), -each.visits, each.account_id)))
