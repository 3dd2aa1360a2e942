"""Groups picked by hand and the discount that belongs to one."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from loyalty.domain.money import PPM
from loyalty.errors import InvalidValueError


class ScopeKind(StrEnum):
    """What part of a sale a discount touches."""

    WHOLE_SALE = "whole_sale"
    CATEGORY = "category"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class DiscountScope:
    """The lines that a discount touches; ``ids`` are categories or items and empty for the whole sale."""

    kind: ScopeKind = ScopeKind.WHOLE_SALE
    ids: frozenset[UUID] = frozenset()

    def covers(self, item_id: UUID, category_id: UUID | None, variation_id: UUID | None = None) -> bool:
        """Whether a line is touched; an item scope may name items or single variations of them."""
        if self.kind is ScopeKind.WHOLE_SALE:
            return True
        if self.kind is ScopeKind.ITEM:
            return item_id in self.ids or variation_id in self.ids
        return category_id in self.ids


@dataclass(frozen=True, slots=True)
class GroupDiscount:
    """A percentage off what the scope covers, for members of a group (rows 73, 110)."""

    rate_ppm: int
    scope: DiscountScope = DiscountScope()

    def __post_init__(self) -> None:
        if not 0 < self.rate_ppm <= PPM:
            raise InvalidValueError(
                "a group discount is more than 0 %, at most 100 %", rate_ppm=self.rate_ppm
            )


@dataclass(frozen=True, slots=True)
class Group:
    """A named set of customers; a manual one changes only by hand (row 51)."""

    id: UUID
    name: str
    discount: GroupDiscount | None = None
    further_discounts: tuple[GroupDiscount, ...] = ()
    """Where a group has different rates for different shelves."""

    @property
    def discounts(self) -> tuple[GroupDiscount, ...]:
        """All of them, the first one first."""
        return (*(() if self.discount is None else (self.discount,)), *self.further_discounts)
