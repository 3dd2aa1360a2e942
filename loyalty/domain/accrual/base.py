"""What every accrual rule is given and gives."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from loyalty.domain.why import Why


class TaxMode(StrEnum):
    """Whether the tax counts as spent; before tax unless the shop chooses otherwise (row 132, X6)."""

    BEFORE_TAX = "before_tax"
    AFTER_TAX = "after_tax"


@dataclass(frozen=True, slots=True)
class EarningLine:
    """One line of a sale as an accrual rule sees it: after all discounts, never with a tip."""

    item_id: UUID
    category_id: UUID | None
    name: str
    quantity: int
    """Units that were paid for: those that a reward or a discount made free are not counted."""
    before_tax_minor: int
    after_tax_minor: int
    variation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class AccrualBase:
    """What was spent, after all discounts and without the tip, which never earns.

    The totals are those of ``lines``; a base without lines (an amount typed by hand) knows no items.
    """

    before_tax_minor: int
    after_tax_minor: int
    rule_version: int
    lines: tuple[EarningLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Accrued:
    """Points to earn, zero or more, and why."""

    points: int
    why: tuple[Why, ...]
