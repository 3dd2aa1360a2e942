"""What can be asked to go back, what it comes to, and the record of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from loyalty.domain.pricing.quote import LineTax
from loyalty.domain.sale import Tender
from loyalty.domain.why import Why


class RefundKind(StrEnum):
    """Why goods or money came back."""

    REFUND = "refund"
    VOID = "void"
    """The sale should not have been: all of it, on its own day."""
    EXCHANGE = "exchange"
    """For other goods, in a sale that names this one."""


@dataclass(frozen=True, slots=True)
class WholeSaleBack:
    """Everything that has not come back yet."""

    with_tip: bool = False


@dataclass(frozen=True, slots=True)
class LinesBack:
    """So many units of these lines, by line id."""

    units: tuple[tuple[UUID, int], ...]


@dataclass(frozen=True, slots=True)
class AmountBack:
    """Money and no goods: a gesture, spread over the whole sale."""

    amount_minor: int


RefundRequest = WholeSaleBack | LinesBack | AmountBack


@dataclass(frozen=True, slots=True)
class RefundedLine:
    """What of one line goes back: units (zero for money alone), and money down to its taxes."""

    line_id: UUID
    quantity: int
    before_tax_minor: int
    taxes: tuple[LineTax, ...] = ()

    @property
    def amount_minor(self) -> int:
        return self.before_tax_minor + sum(tax.amount_minor for tax in self.taxes)


@dataclass(frozen=True, slots=True)
class RefundQuote:
    """What a refund would do; booking it does exactly this."""

    lines: tuple[RefundedLine, ...]
    goods_minor: int
    """Money for the lines."""
    tip_minor: int
    is_whole: bool
    """With this nothing of the sale is left: it is no visit any more, and its rewards come back."""
    base_points: int
    """Points of the programme's rule that this refund takes back."""
    promotion_points: int
    returned_reward_ids: tuple[UUID, ...]
    why: tuple[Why, ...]

    @property
    def amount_minor(self) -> int:
        """Money to give back, before rounding to coins."""
        return self.goods_minor + self.tip_minor


@dataclass(frozen=True, slots=True)
class Refund:
    """A refund that was made. Never changed."""

    id: UUID
    sale_id: UUID
    kind: RefundKind
    at: datetime
    quote: RefundQuote
    reason: str
    given_by: UUID
    tenders: tuple[Tender, ...] = ()
    """How the money went back."""
    exchange_sale_id: UUID | None = None
