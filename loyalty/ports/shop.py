"""What the shop set up: settings, lanes, catalogue, programme. Small, read often, kept in memory."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from loyalty.domain.catalogue import Category, Item, ItemVariation, TaxRate
from loyalty.domain.loyalty_settings import LoyaltySettings
from loyalty.domain.programme import ProgrammeVersion
from loyalty.domain.shop import Lane, ShopSettings


class ShopRepository(Protocol):
    """The one shop of this database."""

    def settings(self) -> ShopSettings | None:
        """None for an empty database."""

    def save(self, settings: ShopSettings) -> None: ...


class LaneRepository(Protocol):
    """Counter positions."""

    def save(self, lane: Lane) -> None:
        """Store a new or changed lane.

        Raises:
            ConflictError: Its number or device is another lane's.
        """

    def get(self, lane_id: UUID) -> Lane | None: ...

    def by_device(self, device: str) -> Lane | None:
        """The active lane of a certificate name."""

    def by_number(self, number: int) -> Lane | None: ...

    def all(self) -> Sequence[Lane]:
        """By number."""


class CatalogueRepository(Protocol):
    """Items and categories."""

    def save_category(self, category: Category) -> None: ...

    def remove_category(self, category_id: UUID) -> None:
        """Forget a category.

        Raises:
            ConflictError: An item stands in it.
        """

    def save_tax_rate(self, rate: TaxRate) -> None:
        """Store a new tax, or change it on all items that bear it."""

    def remove_tax_rate(self, rate_id: str) -> None:
        """Forget a tax.

        Raises:
            ConflictError: An item bears it.
        """

    def tax_rates(self) -> Sequence[TaxRate]:
        """By name."""

    def save_item(self, item: Item) -> None: ...

    def change_item(self, item: Item) -> None:
        """Store the next version of an item.

        Raises:
            ConflictError: Somebody else changed it first, or its barcode is another active item's.
        """

    def item(self, item_id: UUID) -> Item | None: ...

    def item_by_barcode(self, barcode: str) -> Item | None:
        """Exact match among active items."""

    def items(self) -> Sequence[Item]:
        """Active ones in the order of the till's buttons."""

    def all_items(self) -> Sequence[Item]:
        """Archived ones too, in the same order."""

    def categories(self) -> Sequence[Category]: ...

    def save_variation(self, variation: ItemVariation) -> None: ...

    def variations(self, item_id: UUID) -> Sequence[ItemVariation]:
        """Active ones of the item, in the order of the till's buttons."""

    def all_variations(self) -> Sequence[ItemVariation]:
        """Of all items, archived ones too, in the order of the till's buttons."""

    def variation(self, variation_id: UUID) -> ItemVariation | None: ...

    def variation_by_barcode(self, barcode: str) -> ItemVariation | None:
        """Exact match among active ones."""


class ProgrammeRepository(Protocol):
    """Versions of the programme."""

    def current(self) -> ProgrammeVersion | None:
        """The latest version."""

    def add(self, version: ProgrammeVersion) -> None: ...

    def version(self, number: int) -> ProgrammeVersion | None: ...

    def all(self) -> Sequence[ProgrammeVersion]:
        """Newest first."""

    def settings(self) -> LoyaltySettings:
        """What was saved last, else the defaults."""

    def save_settings(self, settings: LoyaltySettings) -> None: ...
