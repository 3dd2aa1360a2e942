"""What every accrual rule is given and gives."""

from collections.abc import Iterable
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
    is_gift_card: bool = False


@dataclass(frozen=True, slots=True)
class AccrualBase:
    """What was spent, after all discounts and without the tip, which never earns.

    The totals are those of ``lines``; a base without lines (an amount typed by hand) knows no items.
    """

    before_tax_minor: int
    after_tax_minor: int
    rule_version: int
    lines: tuple[EarningLine, ...] = ()
    gift_cards: tuple[EarningLine, ...] = ()
    """Set aside, in no total: what they pay for later earns then, and never both (row 206)."""

    @classmethod
    def of_lines(cls, lines: Iterable[EarningLine], rule_version: int) -> "AccrualBase":
        """The base of a sale of these lines."""
        every = tuple(lines)
        spent = tuple(line for line in every if not line.is_gift_card)
        return cls(
            before_tax_minor=sum(line.before_tax_minor for line in spent),
            after_tax_minor=sum(line.after_tax_minor for line in spent),
            rule_version=rule_version,
            lines=spent,
            gift_cards=tuple(line for line in every if line.is_gift_card),
        )

    @property
    def knows_no_items(self) -> bool:
        """Whether it is an amount alone."""
        return not self.lines and not self.gift_cards


@dataclass(frozen=True, slots=True)
class Accrued:
    """Points to earn, zero or more, and why."""

    points: int
    why: tuple[Why, ...]
