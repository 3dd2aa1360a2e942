"""What a promotion gives on top of the points of the programme's rule."""

from dataclasses import dataclass
from typing import ClassVar

from loyalty.errors import InvalidValueError

MILLI = 1000
"""A multiplier of one, in thousandths."""
MAX_MULTIPLIER_MILLI = 10 * MILLI


@dataclass(frozen=True, slots=True)
class PointsMultiplier:
    """Times ``multiplier_milli`` / 1000: 1500 makes 6 points of 4. Fractions of a point are dropped."""

    multiplier_milli: int
    kind: ClassVar[str] = "points_multiplier"

    def __post_init__(self) -> None:
        if not MILLI < self.multiplier_milli <= MAX_MULTIPLIER_MILLI:
            raise InvalidValueError(
                "a multiplier is more than 1 and at most 10", multiplier_milli=self.multiplier_milli
            )

    def extra_points(self, base_points: int) -> int:
        return base_points * self.multiplier_milli // MILLI - base_points


@dataclass(frozen=True, slots=True)
class PointsAddition:
    """So many points more."""

    points: int
    kind: ClassVar[str] = "points_addition"

    def __post_init__(self) -> None:
        if self.points <= 0:
            raise InvalidValueError("a promotion adds more than zero points", points=self.points)

    def extra_points(self, base_points: int) -> int:  # noqa: ARG002 - one signature for all kinds
        return self.points


Incentive = PointsMultiplier | PointsAddition

INCENTIVES: dict[str, type[Incentive]] = {
    PointsMultiplier.kind: PointsMultiplier,
    PointsAddition.kind: PointsAddition,
}
"""Stored through ``loyalty.domain.parameters``."""
