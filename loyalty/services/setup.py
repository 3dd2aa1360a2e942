"""Reading what every sale depends on."""

from loyalty.domain.pricing.engine import PricingTerms
from loyalty.domain.sale import Sale
from loyalty.domain.shop import ShopSettings
from loyalty.errors import UnknownIdError
from loyalty.ports.unit_of_work import UnitOfWork


def shop_settings(uow: UnitOfWork) -> ShopSettings:
    """The shop's settings.

    Raises:
        UnknownIdError: The database holds no shop yet.
    """
    settings = uow.shop.settings()
    if settings is None:
        raise UnknownIdError("no shop has been set up in this database")
    return settings


def pricing_terms(uow: UnitOfWork, sale: Sale) -> PricingTerms:
    """The terms that price this sale now."""
    groups = uow.groups.of_customer(sale.member.customer_id) if sale.member is not None else ()
    return PricingTerms(groups=groups, programme=uow.programme.current(), trust=shop_settings(uow).trust)
