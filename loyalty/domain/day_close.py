"""The close of a lane's day: the figures since the last one, and the money that was counted."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from loyalty.domain.reports.takings import Takings

MAX_NOTE_CHARS = 300


@dataclass(frozen=True, slots=True)
class DayClose:
    """One close of one lane; never changed. Each receipt and each refund belongs to one close at the most.

    Receipts up to ``last_receipt`` are in this close or an earlier one. ``float_minor`` is the change that
    lay in the drawer before the first sale.
    """

    id: UUID
    lane_id: UUID
    number: int
    """1, 2, 3 … for each lane, without a gap."""
    first_receipt: int
    """Zero where no sale was paid."""
    last_receipt: int
    closed_at: datetime
    closed_by: UUID
    takings: Takings
    float_minor: int
    counted_minor: int
    note: str | None = None

    @property
    def expected_minor(self) -> int:
        """What should lie in the drawer."""
        return self.float_minor + self.takings.cash_minor

    @property
    def difference_minor(self) -> int:
        """Counted less expected: below zero, money is missing."""
        return self.counted_minor - self.expected_minor
