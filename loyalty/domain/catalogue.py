"""Items and categories of the shop's catalogue, and their taxes."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from loyalty.domain.money import PPM
from loyalty.errors import InvalidValueError

MAX_PRICE_MINOR = 99_999_999
"""Dearer than anything sold over a counter; a slip of the keyboard is refused before it is sold."""


class TaxInclusion(StrEnum):
    """Whether a shelf price already holds the tax."""

    INCLUDED = "included"
    ON_TOP = "on_top"


@dataclass(frozen=True, slots=True)
class TaxRate:
    """One tax on the price before tax: VAT 5.5 % included, QST 9.975 % on top."""

    id: str
    """Stable short name: ``vat-5.5``."""
    name: str
    rate_ppm: int
    inclusion: TaxInclusion

    def __post_init__(self) -> None:
        if not 0 <= self.rate_ppm <= PPM:
            raise InvalidValueError(f"tax rate {self.id} is outside 0-100 %", rate_ppm=self.rate_ppm)


@dataclass(frozen=True, slots=True)
class Category:
    """A shelf of the shop, for the till's buttons and for scoped discounts."""

    id: UUID
    name: str
    position: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """Something sold, with its shelf price."""

    id: UUID
    name: str
    price_minor: int
    category_id: UUID | None
    tax_rates: tuple[TaxRate, ...] = ()
    barcode: str | None = None
    """EAN/UPC digits or any text printed on it; unique among active items, exact match."""
    position: int = 0
    is_active: bool = True
    version: int = 1
    """Grows with each change of the item or of its variations."""
    is_gift_card: bool = False
    """Money for a later sale: it earns when it is spent, and neither group nor reward makes it cheaper."""

    def __post_init__(self) -> None:
        if not 0 <= self.price_minor <= MAX_PRICE_MINOR:
            raise InvalidValueError(f"the price of {self.name} is out of range", price_minor=self.price_minor)


@dataclass(frozen=True, slots=True)
class ItemVariation:
    """One form of an item with a price of its own: the large latte. Taxes and category are the item's."""

    id: UUID
    item_id: UUID
    name: str
    price_minor: int
    barcode: str | None = None
    position: int = 0
    is_active: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.price_minor <= MAX_PRICE_MINOR:
            raise InvalidValueError(f"the price of {self.name} is out of range", price_minor=self.price_minor)
