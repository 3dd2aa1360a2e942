"""What a sale comes to, for showing it. Completion books the result of the very same call."""

from loyalty.domain.pricing.engine import price_sale
from loyalty.domain.pricing.quote import Quote
from loyalty.domain.sale import Sale
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.setup import pricing_terms


def quote_sale(uow: UnitOfWork, sale: Sale) -> Quote:
    """The quote of the sale as it is now; of a completed one what was booked."""
    if sale.receipt is not None:
        return sale.receipt.quote
    return price_sale(sale, pricing_terms(uow, sale))
