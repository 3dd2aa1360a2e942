"""What one customer did, in memory."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from loyalty.domain.sale import Sale, SaleChannel, SaleState
from loyalty.ports.customer_activity import BoughtItem, PaidCard, PastSale, VisitFigures
from tests.fakes.merged_people import of_person


class InMemoryCustomerActivity:
    """See ``loyalty.ports.customer_activity.CustomerActivityRepository``."""

    def __init__(self, tables: Any) -> None:
        self._tables = tables

    def visits(self, customer_id: UUID) -> VisitFigures:
        visits = self._visits(customer_id)
        times = [sale.closed_at for sale in visits if sale.closed_at is not None]
        spend = sum(_total(sale) - self._refunded(sale) for sale in self._of(customer_id))
        return VisitFigures(len(visits), spend, min(times, default=None), max(times, default=None))

    def items(self, customer_id: UUID, limit: int) -> Sequence[BoughtItem]:
        counted: Counter[UUID] = Counter()
        names: dict[UUID, str] = {}
        for sale in self._of(customer_id):
            for line in sale.lines:
                counted[line.item_id] += line.quantity
                names[line.item_id] = max(names.get(line.item_id, ""), line.name)
        ranked = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
        return [BoughtItem(item_id, names[item_id], count) for item_id, count in ranked[:limit]]

    def lanes(self, customer_id: UUID) -> Sequence[tuple[UUID, int]]:
        counted = Counter(sale.lane_id for sale in self._visits(customer_id))
        return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))

    def points_earned(self, customer_id: UUID, channel: SaleChannel) -> int:
        sales = [sale for sale in self._of(customer_id) if sale.channel is channel]
        return sum(sale.receipt.quote.points_to_earn for sale in sales if sale.receipt is not None)

    def cards(self, customer_id: UUID, sales: int) -> Sequence[PaidCard]:
        found: dict[tuple[str, str], PaidCard] = {}
        for sale in self._of(customer_id)[:sales]:
            assert sale.receipt is not None
            assert sale.closed_at is not None
            cards = {t.card for t in sale.receipt.all_tenders if t.card is not None}
            for key in {(card.brand, card.last_four) for card in cards}:
                there = found.get(key, PaidCard(*key, 0, sale.closed_at, sale.id))
                found[key] = replace(there, sales=there.sales + 1)
        return list(found.values())

    def sales(self, customer_id: UUID, limit: int, before: datetime | None = None) -> Sequence[PastSale]:
        found = []
        for sale in self._of(customer_id):
            assert sale.receipt is not None
            assert sale.closed_at is not None
            if before is not None and sale.closed_at >= before:
                continue
            quote = sale.receipt.quote
            found.append(
                PastSale(
                    sale.id,
                    sale.closed_at,
                    sale.lane_id,
                    sale.receipt.number,
                    quote.total_minor,
                    quote.points_to_earn,
                    quote.points_to_redeem,
                    self._refunded(sale),
                )
            )
        return found[:limit]

    def _of(self, customer_id: UUID) -> list[Sale]:
        sales = [
            sale
            for sale in self._tables.sales.values()
            if sale.state is SaleState.COMPLETED
            and not sale.is_training
            and sale.member is not None
            and sale.member.customer_id in of_person(self._tables, customer_id)
        ]
        return sorted(sales, key=lambda sale: (sale.closed_at, sale.id), reverse=True)

    def _visits(self, customer_id: UUID) -> list[Sale]:
        return [
            sale
            for sale in self._of(customer_id)
            if sale.exchange_of is None and not any(r.quote.is_whole for r in self._refunds(sale))
        ]

    def _refunds(self, sale: Sale) -> list[Any]:
        return [r for r in self._tables.programme.refunds.values() if r.sale_id == sale.id]

    def _refunded(self, sale: Sale) -> int:
        return sum(refund.quote.amount_minor for refund in self._refunds(sale))


def _total(sale: Sale) -> int:
    assert sale.receipt is not None
    return sale.receipt.quote.total_minor
