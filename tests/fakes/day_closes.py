"""Closes of lanes' days in memory."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from loyalty.domain.day_close import DayClose
from loyalty.domain.refunds import Refund
from loyalty.domain.sale import Receipt, Sale
from loyalty.errors import ConflictError
from loyalty.ports.day_closes import RefundOfSale


@dataclass
class DayCloseTables:
    """Closes in the order in which they were made, and the refunds in them."""

    closes: list[DayClose] = field(default_factory=list)
    refunds: set[UUID] = field(default_factory=set)

    def copy(self) -> "DayCloseTables":
        return DayCloseTables(self.closes.copy(), self.refunds.copy())


class InMemoryDayCloses:
    """See ``loyalty.ports.day_closes.DayCloseRepository``."""

    def __init__(self, tables: Any) -> None:
        self._tables = tables
        self._own: DayCloseTables = tables.day_closes

    def add(self, close: DayClose, refund_ids: Sequence[UUID]) -> None:
        is_taken = any(
            (each.lane_id, each.number) == (close.lane_id, close.number) for each in self._own.closes
        )
        if is_taken or self._own.refunds & set(refund_ids):
            raise ConflictError("closed already")
        self._own.closes.append(close)
        self._own.refunds |= set(refund_ids)

    def get(self, close_id: UUID) -> DayClose | None:
        return next((each for each in self._own.closes if each.id == close_id), None)

    def last_of(self, lane_id: UUID) -> DayClose | None:
        return next((each for each in reversed(self._own.closes) if each.lane_id == lane_id), None)

    def recent(self, limit: int, lane_id: UUID | None = None) -> Sequence[DayClose]:
        found = [each for each in reversed(self._own.closes) if lane_id in (None, each.lane_id)]
        return found[:limit]

    def receipts_after(self, lane_id: UUID, receipt_number: int) -> Sequence[Receipt]:
        return self._receipts(lane_id, lambda receipt: receipt.number > receipt_number)

    def receipts_between(self, lane_id: UUID, start: datetime, end: datetime) -> Sequence[Receipt]:
        return self._receipts(lane_id, lambda receipt: start <= receipt.completed_at < end)

    def refunds_not_closed(self, lane_id: UUID) -> Sequence[RefundOfSale]:
        return self._refunds(lane_id, lambda refund: refund.id not in self._own.refunds)

    def refunds_between(self, lane_id: UUID, start: datetime, end: datetime) -> Sequence[RefundOfSale]:
        return self._refunds(lane_id, lambda refund: start <= refund.at < end)

    def _sales(self, lane_id: UUID) -> list[Sale]:
        return [
            sale
            for sale in self._tables.sales.values()
            if sale.lane_id == lane_id and sale.receipt is not None and not sale.is_training
        ]

    def _receipts(self, lane_id: UUID, is_in: Callable[[Receipt], bool]) -> Sequence[Receipt]:
        found = [sale.receipt for sale in self._sales(lane_id) if sale.receipt and is_in(sale.receipt)]
        return sorted(found, key=lambda receipt: receipt.number)

    def _refunds(self, lane_id: UUID, is_in: Callable[[Refund], bool]) -> Sequence[RefundOfSale]:
        receipts = {sale.id: sale.receipt for sale in self._sales(lane_id)}
        refunds = self._tables.programme.refunds.values()
        return [
            (refund, receipt)
            for refund in sorted(refunds, key=lambda each: (each.at, each.id))
            if (receipt := receipts.get(refund.sale_id)) is not None and is_in(refund)
        ]
