"""A completed sale with all that a refund needs to know of it."""

from loyalty.domain.refunds import SaleEarning, SaleMemory
from loyalty.domain.sale import Sale
from loyalty.ports.unit_of_work import UnitOfWork


def sale_memory(uow: UnitOfWork, sale: Sale) -> SaleMemory | None:
    """None for a sale that is not completed."""
    if sale.receipt is None:
        return None
    return SaleMemory(
        sale=sale,
        quote=sale.receipt.quote,
        past=tuple(uow.refunds.of_sale(sale.id)),
        earning=_earning(uow, sale),
        tip_minor=sale.receipt.tip_minor,
    )


def _earning(uow: UnitOfWork, sale: Sale) -> SaleEarning | None:
    """The rule and the promotion as they were; None where nobody earned."""
    then = uow.sales.terms_of(sale.id)
    is_nobodys = sale.member is None or sale.member.account_id is None or sale.is_training
    if sale.receipt is None or then is None or then.programme_version is None or is_nobodys:
        return None
    programme = uow.programme.version(then.programme_version)
    if programme is None or not programme.is_active:
        return None
    promotion_id = sale.receipt.quote.promotion_id
    promotion = uow.promotions.get(promotion_id) if promotion_id is not None else None
    return SaleEarning(programme.accrual, programme.version, promotion)
