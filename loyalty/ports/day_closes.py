"""Closes of lanes' days, and what they are made from."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from loyalty.domain.day_close import DayClose
from loyalty.domain.refunds import Refund
from loyalty.domain.sale import Receipt

RefundOfSale = tuple[Refund, Receipt]
"""A refund with the receipt of the sale that it gave back."""


class DayCloseRepository(Protocol):
    """Append-only; training is nowhere in it."""

    def add(self, close: DayClose, refund_ids: Sequence[UUID]) -> None:
        """Store a close and the refunds that are in it.

        Raises:
            ConflictError: The lane has a close of this number, or a refund is in another one.
        """

    def get(self, close_id: UUID) -> DayClose | None: ...

    def last_of(self, lane_id: UUID) -> DayClose | None: ...

    def recent(self, limit: int, lane_id: UUID | None = None) -> Sequence[DayClose]:
        """Newest first."""

    def receipts_after(self, lane_id: UUID, receipt_number: int) -> Sequence[Receipt]:
        """Receipts of the lane beyond a number, by number."""

    def refunds_not_closed(self, lane_id: UUID) -> Sequence[RefundOfSale]:
        """Refunds of the lane's sales that are in no close yet, oldest first."""

    def receipts_between(self, lane_id: UUID, start: datetime, end: datetime) -> Sequence[Receipt]:
        """Receipts of the lane by time, from ``start`` (included) to ``end`` (excluded)."""

    def refunds_between(self, lane_id: UUID, start: datetime, end: datetime) -> Sequence[RefundOfSale]: ...
