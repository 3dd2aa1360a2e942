"""A database without a shop gets a plain one, so that the first owner has pages to sign in to."""

from loyalty.domain.money import Currency
from loyalty.domain.shop import ShopSettings
from loyalty.ports.unit_of_work import UnitOfWork


def ensure_shop(unit: UnitOfWork, store: str) -> ShopSettings:
    """The shop of this database; a French one with the product's name where there was none."""
    there = unit.shop.settings()
    if there is not None:
        return there
    settings = ShopSettings(
        name="Comptoir",
        store=store,
        country="FR",
        currency=Currency("EUR"),
        timezone="Europe/Paris",
        default_language="fr",
        languages=("fr", "en", "es"),
        phone_region="FR",
    )
    unit.shop.save(settings)
    return settings
