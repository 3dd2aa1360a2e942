"""Reading what every sale depends on."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from loyalty.domain.filters import Moment
from loyalty.domain.group import Group
from loyalty.domain.pricing.engine import PricingTerms
from loyalty.domain.promotions import Promotion
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
    settings = shop_settings(uow)
    groups = _groups_of(uow, sale, settings)
    promotions = tuple(uow.promotions.all())
    return PricingTerms(
        groups=groups,
        programme=uow.programme.current(),
        trust=settings.trust,
        promotions=promotions,
        promotion_history=_history(uow, sale, promotions),
        timezone=settings.timezone,
    )


def _groups_of(uow: UnitOfWork, sale: Sale, settings: ShopSettings) -> tuple[Group, ...]:
    """Manual and smart, as of the sale's beginning: its price does not change by the clock (row 111)."""
    if sale.member is None:
        return ()
    return uow.groups.of_customer(sale.member.customer_id, Moment(sale.opened_at, settings.timezone))


def _history(
    uow: UnitOfWork, sale: Sale, promotions: Sequence[Promotion]
) -> Mapping[UUID, Sequence[datetime]]:
    """Asked for only where a promotion counts how often somebody had it."""
    account_id = sale.member.account_id if sale.member is not None else None
    if account_id is None or all(each.trigger_limit is None for each in promotions):
        return {}
    return uow.promotions.history(account_id)
