"""What a file of items comes to: its rows, what they would do, and why some are not taken."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from loyalty.domain.catalogue_edit import ItemDraft
from loyalty.domain.why import Refused

MAX_IMPORT_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """One row of a file, read but not believed. None in a field: there is no such column, or no value."""

    line: int
    name: str
    price_minor: int
    variation: str | None = None
    category: str | None = None
    tax_names: tuple[str, ...] | None = None
    barcode: str | None = None
    position: int | None = None
    item_id: UUID | None = None
    is_gift_card: bool | None = None


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why a row was not taken; ``column`` is a field of :class:`CatalogueRow` as the file calls it."""

    line: int
    column: str
    refused: Refused


class Planned(StrEnum):
    """What an item of the file comes to."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """One item with all its rows."""

    kind: Planned
    draft: ItemDraft
    lines: tuple[int, ...]
    item_id: UUID | None = None
    seen: int = 0
    new_category: str | None = None


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """All of a file."""

    items: tuple[PlannedItem, ...]
    faults: tuple[RowFault, ...]

    def count(self, kind: Planned) -> int:
        return sum(each.kind is kind for each in self.items)

    @property
    def new_categories(self) -> tuple[str, ...]:
        named = (each.new_category for each in self.items if each.new_category is not None)
        return tuple(dict.fromkeys(named))

    @property
    def to_store(self) -> tuple[PlannedItem, ...]:
        return tuple(each for each in self.items if each.kind is not Planned.SAME)
