"""A percentage off the sale."""

from dataclasses import dataclass
from typing import ClassVar

from loyalty.domain.group import DiscountScope
from loyalty.domain.money import PPM, share_of
from loyalty.errors import InvalidValueError


@dataclass(frozen=True, slots=True)
class PercentageOffSale:
    """``rate_ppm`` of what is left of the sale, at most ``ceiling_minor`` where one is set."""

    rate_ppm: int
    ceiling_minor: int | None = None
    kind: ClassVar[str] = "percentage_off_sale"
    order: ClassVar[int] = 10
    """Percentages are taken before fixed amounts, whatever the order of attaching."""
    scope: ClassVar[DiscountScope] = DiscountScope()
    units: ClassVar[int | None] = None

    def __post_init__(self) -> None:
        if not 0 < self.rate_ppm <= PPM:
            raise InvalidValueError("a percentage reward is more than 0 % and at most 100 %")
        if self.ceiling_minor is not None and self.ceiling_minor <= 0:
            raise InvalidValueError("a reward's ceiling is more than zero")

    def quote(self, base_minor: int) -> int:
        """The discount before ceiling and base cut it."""
        return share_of(base_minor, self.rate_ppm)
