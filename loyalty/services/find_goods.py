"""Finds what a barcode is printed on."""

from dataclasses import dataclass, replace
from uuid import UUID

from loyalty.domain.barcode import barcode_spellings
from loyalty.domain.catalogue import MAX_PRICE_MINOR, Item, ItemVariation
from loyalty.domain.scale_label import ScaleLabel, read_label
from loyalty.ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class FoundGood:
    """An active item, or one of its active variations."""

    item: Item
    variation: ItemVariation | None = None
    label: ScaleLabel | None = None
    """Where a scale weighed it: what its label says."""

    @property
    def variation_id(self) -> UUID | None:
        return self.variation.id if self.variation is not None else None

    @property
    def name(self) -> str:
        return self.item.name if self.variation is None else f"{self.item.name}, {self.variation.name}"

    @property
    def price_minor(self) -> int | None:
        """What the label makes it cost; None where the catalogue's price holds."""
        kilogram = self.item.price_minor if self.variation is None else self.variation.price_minor
        return self.label.price_at(kilogram) if self.label is not None else None


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


def good_as_scanned(uow: UnitOfWork, text: str, symbology: str = "unknown") -> FoundGood | None:
    """The same, and what the shop's scales weighed: under the label's number with nothing weighed.

    A number that is an item's as it stands is never taken for a label.
    """
    good = good_by_barcode(uow, text, symbology)
    label = read_label(text, uow.programme.settings().scale_labels) if good is None else None
    if label is None:
        return good
    found = good_by_barcode(uow, label.barcode) or good_by_barcode(uow, label.item_digits)
    weighed = replace(found, label=label) if found is not None else None
    return weighed if weighed is not None and 0 < (weighed.price_minor or 0) <= MAX_PRICE_MINOR else None
