"""A sale that was paid in earnest: what may be done after a sale needs one."""

from dataclasses import dataclass
from uuid import UUID

from loyalty.domain.sale import Receipt, Sale, SaleState
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class PaidSale:
    """A completed sale with its receipt."""

    sale: Sale
    receipt: Receipt


def paid_sale(uow: UnitOfWork, sale_id: UUID, *, if_training: Refusal) -> PaidSale | Refused:
    """The sale, or why nothing can follow it: ``sale_unknown``, ``sale_not_completed``, ``if_training``."""
    sale = uow.sales.get(sale_id)
    if sale is None:
        return Refused(Refusal.SALE_UNKNOWN)
    if sale.state is not SaleState.COMPLETED or sale.receipt is None:
        return Refused(Refusal.SALE_NOT_COMPLETED)
    if sale.is_training:
        return Refused(if_training)
    return PaidSale(sale, sale.receipt)
