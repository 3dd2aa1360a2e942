"""Finds what a barcode is printed on."""

from dataclasses import dataclass
from uuid import UUID

from loyalty.domain.barcode import barcode_spellings
from loyalty.domain.catalogue import Item, ItemVariation
from loyalty.ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class FoundGood:
    """An active item, or one of its active variations."""

    item: Item
    variation: ItemVariation | None = None

    @property
    def variation_id(self) -> UUID | None:
        return self.variation.id if self.variation is not None else None

    @property
    def name(self) -> str:
        return self.item.name if self.variation is None else f"{self.item.name}, {self.variation.name}"


def good_by_barcode(uow: UnitOfWork, text: str, symbology: str = "unknown") -> FoundGood | None:
    """What is sold under this barcode, exactly or in another length of the same retail number."""
    for spelling in barcode_spellings(text, symbology):
        item = uow.catalogue.item_by_barcode(spelling)
        if item is not None:
            return FoundGood(item)
        variation = uow.catalogue.variation_by_barcode(spelling)
        if variation is not None:
            parent = uow.catalogue.item(variation.item_id)
            if parent is not None and parent.is_active:
                return FoundGood(parent, variation)
    return None
