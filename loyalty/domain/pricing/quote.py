"""What a sale comes to: the result of pricing, shown before and booked after."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from loyalty.domain.catalogue import TaxInclusion
from loyalty.domain.why import Why


class DiscountKind(StrEnum):
    """Where a discount comes from."""

    GROUP = "group"
    REWARD = "reward"


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """One line: shelf price times quantity, and what is left of it after all discounts."""

    line_id: UUID
    name: str
    quantity: int
    unit_price_minor: int
    gross_minor: int
    net_minor: int
    """After discounts; holds the included taxes and not those on top."""


@dataclass(frozen=True, slots=True)
class QuotedDiscount:
    """A discount that applies. ``source_id`` is the group or the sale's reward."""

    kind: DiscountKind
    source_id: UUID
    name: str
    amount_minor: int
    """Taken off: zero or more."""
    why: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class ProposedDiscount:
    """A group discount that one tap of staff would apply (X15)."""

    group_id: UUID
    name: str
    rate_ppm: int
    amount_minor: int
    why: Why


@dataclass(frozen=True, slots=True)
class QuotedTax:
    """The sum of one tax over the sale."""

    id: str
    name: str
    rate_ppm: int
    inclusion: TaxInclusion
    base_minor: int
    """The amount before tax that it is calculated on."""
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Quote:
    """Totals, discounts, taxes and points of a sale, each with its why.

    ``total_minor`` is what the customer pays: subtotal − discounts + taxes on top.
    """

    lines: tuple[QuotedLine, ...]
    subtotal_minor: int
    discounts: tuple[QuotedDiscount, ...]
    proposal: ProposedDiscount | None
    discount_minor: int
    taxes: tuple[QuotedTax, ...]
    total_minor: int
    points_to_redeem: int
    points_to_earn: int
    points_why: tuple[Why, ...]

    @property
    def tax_minor(self) -> int:
        return sum(tax.amount_minor for tax in self.taxes)

    @property
    def before_tax_minor(self) -> int:
        return self.total_minor - self.tax_minor
