"""Who is close to a reward under the shop's programme (row 64)."""

from dataclasses import dataclass
from typing import ClassVar

from loyalty.domain.filters.base import Entry, FormField, Known, Missing, Noun, Said
from loyalty.domain.filters.comparator import Comparator
from loyalty.domain.filters.condition import AllOf, AnyOf, Condition, NumberFact, NumberIs
from loyalty.errors import InvalidValueError


@dataclass(frozen=True, slots=True)
class RewardInSight:
    """The balance is at least ``percent`` of a reward's points, and does not reach it yet."""

    percent: int = 80
    kind: ClassVar[str] = "reward_in_sight"
    title: ClassVar[str] = "Reward in sight"
    form: ClassVar[tuple[FormField, ...]] = (
        FormField("percent", Entry.PERCENT, "Share of the points already earned"),
    )

    def __post_init__(self) -> None:
        if not 1 <= self.percent <= 99:
            raise InvalidValueError("close to a reward is 1 to 99 percent of it", percent=self.percent)

    def said(self) -> Said:
        return Said("Has {count} % of a reward’s points or more", {"count": self.percent})

    def missing(self, known: Known) -> tuple[Missing, ...]:
        return () if known.tiers else (Missing(Noun.TIER, ""),)

    def condition(self, known: Known) -> Condition:
        return AnyOf(tuple(self._near(points) for points in sorted(set(known.tiers))))

    def _near(self, points: int) -> Condition:
        from_points = -(-points * self.percent // 100)
        return AllOf(
            (
                NumberIs(NumberFact.BALANCE, Comparator.AT_LEAST, from_points),
                NumberIs(NumberFact.BALANCE, Comparator.LESS_THAN, points),
            )
        )
