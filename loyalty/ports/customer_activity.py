"""What one customer did in the shop: visits, spending, goods, lanes, cards, past sales. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from loyalty.domain.activity import StartFigures
from loyalty.domain.sale import SaleChannel


@dataclass(frozen=True, slots=True)
class VisitFigures:
    """``visits`` as X13 counts them; ``spend_minor`` is what was paid and not given back."""

    visits: int = 0
    spend_minor: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None

    def after(self, start: StartFigures) -> "VisitFigures":
        """With what was brought along from another system, as filters count it (row 212)."""
        known = [
            each
            for each in (start.first_visit_at, start.last_visit_at, self.first_at, self.last_at)
            if each is not None
        ]
        return VisitFigures(
            self.visits + start.visits,
            self.spend_minor + start.spend_minor,
            min(known, default=None),
            max((each for each in (start.last_visit_at, self.last_at) if each is not None), default=None),
        )


@dataclass(frozen=True, slots=True)
class BoughtItem:
    """An item under the name it was last sold by, and how many of it."""

    item_id: UUID
    name: str
    quantity: int


@dataclass(frozen=True, slots=True)
class PaidCard:
    """A payment card that paid for sales of the customer: never more of its number than four digits."""

    brand: str
    last_four: str
    sales: int
    last_at: datetime
    last_sale_id: UUID


@dataclass(frozen=True, slots=True)
class PastSale:
    """A completed sale in a list."""

    sale_id: UUID
    closed_at: datetime
    lane_id: UUID
    receipt_number: int
    total_minor: int
    points_earned: int
    points_redeemed: int
    refunded_minor: int = 0


class CustomerActivityRepository(Protocol):
    """Completed sales of one customer; training is left out everywhere."""

    def visits(self, customer_id: UUID) -> VisitFigures: ...

    def items(self, customer_id: UUID, limit: int) -> Sequence[BoughtItem]:
        """Most bought first."""

    def lanes(self, customer_id: UUID) -> Sequence[tuple[UUID, int]]:
        """Lane and number of visits there, most visited first."""

    def points_earned(self, customer_id: UUID, channel: SaleChannel) -> int:
        """What sales of this channel earned in all, refunds not counted."""

    def cards(self, customer_id: UUID, sales: int) -> Sequence[PaidCard]:
        """Cards used in the newest so many sales, last used first."""

    def sales(self, customer_id: UUID, limit: int, before: datetime | None = None) -> Sequence[PastSale]:
        """Newest first; those closed before a moment, for a further page."""
