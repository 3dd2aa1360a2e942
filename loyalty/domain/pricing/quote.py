"""What a sale comes to: the result of pricing, shown before and booked after."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from loyalty.domain.catalogue import TaxInclusion
from loyalty.domain.why import Why


class DiscountKind(StrEnum):
    """Where a discount comes from."""

    GROUP = "group"
    STAFF = "staff"
    REWARD = "reward"


@dataclass(frozen=True, slots=True)
class LineTax:
    """A line's part of one tax of the sale, by the tax's id."""

    id: str
    amount_minor: int


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
    before_tax_minor: int = 0
    """The line's part of what is paid, before all taxes; the lines add up to the sale to the cent."""
    after_tax_minor: int = 0
    """The same with all taxes: what a refund of the whole line gives back."""
    paid_quantity: int = 0
    """Units that were not free: these earn points by item."""
    taxes: tuple[LineTax, ...] = ()


@dataclass(frozen=True, slots=True)
class QuotedDiscount:
    """A discount that applies. ``source_id`` is the group, the sale's reward or the staff discount."""

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
    promotion_id: UUID | None = None
    """The one promotion that applies, where one does."""
    promotion_points: int = 0
    """The part of ``points_to_earn`` that the promotion adds."""
    proposals: tuple[ProposedDiscount, ...] = ()
    """All group discounts that one tap of staff would apply; ``proposal`` is the largest."""

    @property
    def base_points(self) -> int:
        """What the programme's rule alone gives."""
        return self.points_to_earn - self.promotion_points

    @property
    def tax_minor(self) -> int:
        return sum(tax.amount_minor for tax in self.taxes)

    @property
    def before_tax_minor(self) -> int:
        return self.total_minor - self.tax_minor
