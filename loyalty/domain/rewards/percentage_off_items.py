"""A percentage off items that are named one by one or by their category."""

from dataclasses import dataclass
from typing import ClassVar

from loyalty.domain.group import DiscountScope
from loyalty.domain.money import PPM, share_of
from loyalty.domain.rewards.scope import check_scope
from loyalty.errors import InvalidValueError


@dataclass(frozen=True, slots=True)
class PercentageOffItems:
    """``rate_ppm`` off up to ``units`` units of what the scope covers, the dearest ones.

    With ``units`` None it is off everything covered.
    """

    rate_ppm: int
    scope: DiscountScope
    units: int | None = 1
    ceiling_minor: int | None = None
    kind: ClassVar[str] = "percentage_off_items"
    order: ClassVar[int] = 4

    def __post_init__(self) -> None:
        if not 0 < self.rate_ppm <= PPM:
            raise InvalidValueError("a percentage reward is more than 0 % and at most 100 %")
        check_scope(self.scope, self.units, self.ceiling_minor)

    def quote(self, base_minor: int) -> int:
        """The discount before ceiling and base cut it."""
        return share_of(base_minor, self.rate_ppm)
