"""Points for certain items: drip coffee 1, latte 2, sandwich 3 (row 131)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from loyalty.domain.accrual.base import AccrualBase, Accrued, EarningLine
from loyalty.domain.accrual.by_unit import accrue_by_unit
from loyalty.domain.accrual.grants import Grant, checked_grants
from loyalty.domain.why import WhyCode
from loyalty.errors import InvalidValueError


@dataclass(frozen=True, slots=True)
class ItemRule:
    """Points for each unit paid for of the items named; whatever is not named earns nothing.

    A variation (the large latte) may be named beside its item and then counts in the item's place.
    A unit that a reward made free earns nothing; one that is merely cheaper earns in full.
    """

    grants: tuple[Grant, ...]
    kind: ClassVar[str] = "item"

    def __post_init__(self) -> None:
        if not self.grants:
            raise InvalidValueError("an item rule names at least one item")
        object.__setattr__(self, "grants", checked_grants(self.grants))

    def accrue(self, base: AccrualBase) -> Accrued:
        """The points that a sale of this base earns."""
        points_of = {grant.id: grant.points for grant in self.grants}
        return accrue_by_unit(base, WhyCode.POINTS_BY_ITEM, lambda line: _points_each(line, points_of))


def _points_each(line: EarningLine, points_of: dict[UUID, int]) -> int:
    if line.variation_id is not None and line.variation_id in points_of:
        return points_of[line.variation_id]
    return points_of.get(line.item_id, 0)
