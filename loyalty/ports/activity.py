"""What customers did, as filters read it (row 4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from loyalty.domain.activity import ActivitySummary, Purchase, StartFigures
from loyalty.domain.filters import CustomerFacts


@dataclass(frozen=True, slots=True)
class ActivityFault:
    """A customer whose summary or purchases are not what the sales say."""

    customer_id: UUID
    what: str
    kept: str
    rebuilt: str


class ActivityRepository(Protocol):
    """Purchases and their sums, kept in the transaction of each sale, refund and merge."""

    def add(self, purchase: Purchase) -> None:
        """The customer's sale was completed just now; nothing of it has come back."""

    def change(self, purchase: Purchase) -> None:
        """Something of it came back, or the customer came to it late: the purchase as it is now."""

    def put(self, customer_id: UUID, purchases: Sequence[Purchase]) -> None:
        """Replace all that is kept of a customer."""

    def summary(self, customer_id: UUID) -> ActivitySummary:
        """Nothing yet for a customer who never bought."""

    def start(self, customer_id: UUID) -> StartFigures:
        """What was before the purchases, of the customer and of profiles that were merged into it."""

    def put_starts(self, starts: Mapping[UUID, StartFigures]) -> None:
        """Store what customers brought along, in place of what they had."""

    def purchases(self, customer_id: UUID) -> tuple[Purchase, ...]:
        """As kept, oldest first."""

    def facts(self, customer_id: UUID) -> CustomerFacts | None:
        """All that filters may know of a customer."""

    def sales_of(self, customer_id: UUID) -> Sequence[UUID]:
        """Completed sales of the customer and of profiles that were merged into it, training left out."""

    def customers_after(self, customer_id: UUID | None, limit: int) -> Sequence[UUID]:
        """Ids of all customers in their order, for going through them in slices."""
