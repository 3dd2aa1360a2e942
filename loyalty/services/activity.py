"""Keeps what customers did in step with sales, refunds and merges, and proves that it is (row 4, X13)."""

from dataclasses import dataclass, replace
from uuid import UUID

from loyalty.domain.activity import Purchase, purchase_of, summary_of
from loyalty.domain.sale import Sale
from loyalty.ports.activity import ActivityFault
from loyalty.ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ActivityReport:
    """What a comparison found; all is well where there are no faults."""

    customers: int
    purchases: int
    faults: tuple[ActivityFault, ...]
    last_id: UUID | None = None
    """Where to go on; None once everybody was looked at."""


def note_sale(uow: UnitOfWork, sale: Sale) -> None:
    """In the transaction that completes a sale."""
    purchase = purchase_of(sale)
    if purchase is not None:
        uow.activity.add(purchase)


def note_change_of_sale(uow: UnitOfWork, sale: Sale) -> None:
    """In the transaction of a refund, a void, or of a customer who came to a completed sale."""
    purchase = purchase_of(sale, uow.refunds.of_sale(sale.id))
    if purchase is not None:
        uow.activity.change(_bought_by(purchase, _survivor(uow, purchase.customer_id)))


def rebuild_activity(uow: UnitOfWork, customer_id: UUID) -> None:
    """Read a customer's activity anew from the sales: after profiles were merged, or parted again.

    Sales of profiles that were merged into this one count here, whichever profile they name.
    """
    uow.activity.put(customer_id, _purchases_of(uow, customer_id))


def verify_activity(uow: UnitOfWork, after: UUID | None = None, limit: int = 500) -> ActivityReport:
    """Compare the next customers after an id with what their sales say; changes nothing."""
    faults: list[ActivityFault] = []
    purchases = 0
    customer_ids = uow.activity.customers_after(after, limit)
    for customer_id in customer_ids:
        rebuilt = _purchases_of(uow, customer_id)
        purchases += len(rebuilt)
        faults += _faults_of(uow, customer_id, rebuilt)
    last_id = customer_ids[-1] if customer_ids else None
    return ActivityReport(len(customer_ids), purchases, tuple(faults), last_id)


def _faults_of(uow: UnitOfWork, customer_id: UUID, rebuilt: tuple[Purchase, ...]) -> list[ActivityFault]:
    kept = uow.activity.purchases(customer_id)
    pairs = (
        ("purchases", sorted(kept, key=_order), sorted(rebuilt, key=_order)),
        ("summary", uow.activity.summary(customer_id), summary_of(rebuilt, uow.activity.start(customer_id))),
    )
    return [
        ActivityFault(customer_id, what, repr(there), repr(wanted))
        for what, there, wanted in pairs
        if there != wanted
    ]


def _order(purchase: Purchase) -> tuple[object, ...]:
    return purchase.at, purchase.sale_id


def _purchases_of(uow: UnitOfWork, customer_id: UUID) -> tuple[Purchase, ...]:
    customer = uow.customers.get(customer_id)
    if customer is None or customer.merged_into is not None:
        return ()
    found = []
    for sale_id in uow.activity.sales_of(customer_id):
        sale = uow.sales.get(sale_id)
        purchase = purchase_of(sale, uow.refunds.of_sale(sale_id)) if sale is not None else None
        if purchase is not None:
            found.append(_bought_by(purchase, customer_id))
    return tuple(found)


def _survivor(uow: UnitOfWork, customer_id: UUID) -> UUID:
    """Whose purchases those of a profile are: merged ones count for who took their place."""
    customer = uow.customers.get(customer_id)
    is_merged = customer is not None and customer.merged_into is not None
    return customer.merged_into if is_merged and customer and customer.merged_into else customer_id


def _bought_by(purchase: Purchase, customer_id: UUID) -> Purchase:
    return replace(purchase, customer_id=customer_id)
