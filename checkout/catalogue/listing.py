"""The catalogue as a list: found by name or barcode, sorted, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from loyalty.domain.barcode import barcode_spellings
from loyalty.domain.catalogue import Category, Item, ItemVariation
from loyalty.domain.register import REGISTER_ITEM_ID
from loyalty.ports.unit_of_work import UnitOfWork

PAGE_ITEMS: Final = 100
SORTS: Final = ("shelf", "name", "price")
STATES: Final = ("active", "archived", "all")
NO_CATEGORY: Final = "none"


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for."""

    text: str = ""
    state: str = "active"
    category: str = ""
    """An id, ``none`` for what belongs to none, empty for all."""
    sort: str = "shelf"
    page: int = 1

    @property
    def is_filtered(self) -> bool:
        return bool(self.text or self.category or self.state != "active")


@dataclass(frozen=True)
class ListedItem:
    """One item with its variations and the name of its category."""

    item: Item
    variations: tuple[ItemVariation, ...]
    category: Category | None

    @property
    def barcodes(self) -> tuple[str, ...]:
        found = (self.item.barcode, *(each.barcode for each in self.variations))
        return tuple(barcode for barcode in found if barcode is not None)


@dataclass(frozen=True)
class Listing:
    """One page of what was found."""

    items: tuple[ListedItem, ...]
    found: int
    page: int
    pages: int
    total: int
    """All items, archived ones too."""


def list_items(unit: UnitOfWork, wanted: Wanted) -> Listing:
    """The items that fit."""
    everything = all_listed(unit)
    fitting = [each for each in everything if _fits(each, wanted)]
    if wanted.sort == "name":
        fitting.sort(key=lambda each: (each.item.name.casefold(), each.item.id))
    elif wanted.sort == "price":
        fitting.sort(key=lambda each: (each.item.price_minor, each.item.name.casefold()))
    pages = max(1, -(-len(fitting) // PAGE_ITEMS))
    page = min(max(1, wanted.page), pages)
    shown = fitting[(page - 1) * PAGE_ITEMS : page * PAGE_ITEMS]
    return Listing(tuple(shown), len(fitting), page, pages, len(everything))


def all_listed(unit: UnitOfWork) -> list[ListedItem]:
    """All items in the order of the shelves; what belongs to no category comes last."""
    categories = {each.id: each for each in unit.catalogue.categories()}
    places: dict[UUID | None, int] = {key: place for place, key in enumerate(categories)}
    places[None] = len(places)
    variations: dict[UUID, list[ItemVariation]] = {}
    for each in unit.catalogue.all_variations():
        if each.is_active:
            variations.setdefault(each.item_id, []).append(each)
    listed = [
        ListedItem(item, tuple(variations.get(item.id, ())), categories.get(item.category_id or item.id))
        for item in unit.catalogue.all_items()
        if item.id != REGISTER_ITEM_ID
    ]
    return sorted(listed, key=lambda each: places[each.category.id if each.category else None])


def _fits(listed: ListedItem, wanted: Wanted) -> bool:
    item = listed.item
    if wanted.state != "all" and item.is_active is not (wanted.state == "active"):
        return False
    if wanted.category == NO_CATEGORY and item.category_id is not None:
        return False
    if wanted.category not in ("", NO_CATEGORY) and str(item.category_id) != wanted.category:
        return False
    return not wanted.text or _is_named(listed, wanted.text)


def _is_named(listed: ListedItem, text: str) -> bool:
    names: Sequence[str] = (listed.item.name, *(each.name for each in listed.variations))
    wish = text.casefold()
    if any(wish in name.casefold() for name in names):
        return True
    spellings = barcode_spellings(text.replace(" ", ""))
    return any(barcode in spellings or wish in barcode.casefold() for barcode in listed.barcodes)
