"""The loyalty programme: one accrual rule, up to fifteen reward tiers, in versions."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from loyalty.domain.accrual import AccrualRule
from loyalty.domain.expiry import NEVER, ExpiryPolicy
from loyalty.domain.rewards import RewardTerms
from loyalty.errors import InvalidValueError

MAX_TIERS = 15
MAX_TIER_NAME_CHARS = 100


@dataclass(frozen=True, slots=True)
class PointsName:
    """What the shop calls its points: one « point », many « points »."""

    one: str
    many: str


@dataclass(frozen=True, slots=True)
class RewardTier:
    """A reward that can be had for ``points``. Its id stays the same through all versions."""

    id: UUID
    name: str
    points: int
    terms: RewardTerms

    def __post_init__(self) -> None:
        if not 1 <= len(self.name) <= MAX_TIER_NAME_CHARS:
            raise InvalidValueError(f"a reward name has 1 to {MAX_TIER_NAME_CHARS} characters")
        if self.points <= 0:
            raise InvalidValueError("a reward costs more than zero points", points=self.points)


@dataclass(frozen=True, slots=True)
class ProgrammeVersion:
    """The programme as it stands from ``valid_from`` on; a change is a new version (row 119)."""

    version: int
    valid_from: datetime
    accrual: AccrualRule
    points_name: PointsName
    tiers: tuple[RewardTier, ...]
    is_active: bool = True
    expiry: ExpiryPolicy = NEVER
    """For points earned from now on; lots keep the date they were given."""
    max_rewards_per_sale: int | None = None
    """None: as many as the points pay for (X11)."""

    def __post_init__(self) -> None:
        if self.max_rewards_per_sale is not None and self.max_rewards_per_sale < 1:
            raise InvalidValueError("a limit of rewards per sale is at least one")
        if len(self.tiers) > MAX_TIERS:
            raise InvalidValueError(f"a programme has at most {MAX_TIERS} rewards", tiers=len(self.tiers))
        if len({tier.id for tier in self.tiers}) != len(self.tiers):
            raise InvalidValueError("two rewards share one id")

    def tier(self, tier_id: UUID) -> RewardTier | None:
        return next((tier for tier in self.tiers if tier.id == tier_id), None)

    def next_tier(self, points: int) -> RewardTier | None:
        """The cheapest tier that ``points`` do not reach yet."""
        missing = [tier for tier in self.tiers if tier.points > points]
        return min(missing, key=lambda tier: (tier.points, tier.id), default=None)
