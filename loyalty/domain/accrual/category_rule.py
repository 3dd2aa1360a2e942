"""Points for whatever belongs to certain categories (row 131)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from loyalty.domain.accrual.base import AccrualBase, Accrued, EarningLine
from loyalty.domain.accrual.by_unit import accrue_by_unit
from loyalty.domain.accrual.exclusions import excluded_why, in_order
from loyalty.domain.accrual.grants import Grant, checked_grants
from loyalty.domain.why import WhyCode
from loyalty.errors import InvalidValueError


@dataclass(frozen=True, slots=True)
class CategoryRule:
    """Points for each unit paid for of the categories named, without the items excluded by name."""

    grants: tuple[Grant, ...]
    excluded_item_ids: tuple[UUID, ...] = ()
    kind: ClassVar[str] = "category"

    def __post_init__(self) -> None:
        if not self.grants:
            raise InvalidValueError("a category rule names at least one category")
        object.__setattr__(self, "grants", checked_grants(self.grants))
        object.__setattr__(self, "excluded_item_ids", in_order(self.excluded_item_ids))

    def accrue(self, base: AccrualBase) -> Accrued:
        """The points that a sale of this base earns."""
        points_of = {grant.id: grant.points for grant in self.grants}
        excluded = frozenset(self.excluded_item_ids)

        def points_each(line: EarningLine) -> int:
            if line.category_id is None or line.item_id in excluded or line.variation_id in excluded:
                return 0
            return points_of.get(line.category_id, 0)

        accrued = accrue_by_unit(base, WhyCode.POINTS_BY_CATEGORY, points_each)
        left_out = tuple(
            line
            for line in base.lines
            if line.category_id in points_of and (line.item_id in excluded or line.variation_id in excluded)
        )
        excluded_minor = sum(line.before_tax_minor for line in left_out)
        why = excluded_why(left_out, excluded_minor, base.rule_version)
        return Accrued(accrued.points, (*accrued.why, *why))
