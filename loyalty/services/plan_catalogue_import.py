"""Plans what a file of items would do to the catalogue; changes nothing.

The same rows a second time come to nothing. Items that the file does not name stay as they are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from loyalty.domain.barcode import barcode_spellings
from loyalty.domain.catalogue import Item, ItemVariation
from loyalty.domain.catalogue_edit import ItemDraft, VariationDraft, checked_name, typed_barcode
from loyalty.domain.catalogue_import import CatalogueRow, ImportPlan, Planned, PlannedItem, RowFault
from loyalty.domain.country import preset_of
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.find_goods import good_by_barcode
from loyalty.services.keep_items import item_faults, prepared_item
from loyalty.services.setup import shop_settings


def plan_import(uow: UnitOfWork, rows: Iterable[CatalogueRow]) -> ImportPlan:
    """What the rows would do now; changes nothing. An item with a fault in any of its rows is left out."""
    planner = _Planner(uow)
    for of_item in _by_item(rows):
        planner.plan(of_item)
    return ImportPlan(tuple(planner.items), tuple(planner.faults))


def _by_item(rows: Iterable[CatalogueRow]) -> list[list[CatalogueRow]]:
    found: dict[str, list[CatalogueRow]] = {}
    for row in rows:
        key = str(row.item_id) if row.item_id is not None else row.name.strip().casefold()
        found.setdefault(key, []).append(row)
    return list(found.values())


@dataclass
class _Planner:
    """Plans item by item; remembers which barcodes the file has given out."""

    uow: UnitOfWork
    items: list[PlannedItem] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._categories = {each.name.casefold(): each for each in self.uow.catalogue.categories()}
        self._taxes: dict[str, str] = {}
        for rate in self.uow.catalogue.tax_rates():
            self._taxes[rate.id.casefold()] = self._taxes[rate.name.casefold()] = rate.id
        shop = shop_settings(self.uow)
        preset = preset_of(shop.country, shop.default_language)
        usual = preset.default_tax_ids if preset is not None else ()
        known = {rate.id for rate in self.uow.catalogue.tax_rates()}
        self._usual = tuple(each for each in usual if each in known)
        self._by_name: dict[str, list[Item]] = {}
        for item in self.uow.catalogue.items():
            self._by_name.setdefault(item.name.casefold(), []).append(item)
        self._taken: dict[str, str] = {}
        self._named: set[UUID] = set()

    def plan(self, rows: Sequence[CatalogueRow]) -> None:
        faults: list[RowFault] = []
        before = self._existing(rows, faults)
        draft, new_category = self._draft(rows, before, faults)
        faults += self._draft_faults(rows, draft, before)
        if before is not None and before.id in self._named:
            faults.append(RowFault(rows[0].line, "name", Refused(Refusal.NAMED_TWICE)))
        if faults:
            self.faults += faults
            return
        if before is not None:
            self._named.add(before.id)
        kind = self._kind(draft, before, new_category)
        self.items.append(
            PlannedItem(
                kind,
                draft,
                tuple(row.line for row in rows),
                before.id if before is not None else None,
                before.version if before is not None else 0,
                new_category,
            )
        )

    def _existing(self, rows: Sequence[CatalogueRow], faults: list[RowFault]) -> Item | None:
        """By id, else by a barcode of one of its rows, else by its name among what is sold."""
        first = rows[0]
        if first.item_id is not None:
            item = self.uow.catalogue.item(first.item_id)
            if item is None:
                faults.append(RowFault(first.line, "id", Refused(Refusal.ITEM_UNKNOWN)))
            return item
        for row in rows:
            barcode = typed_barcode(row.barcode)
            found = good_by_barcode(self.uow, barcode) if barcode is not None else None
            if found is not None and found.item.name.casefold() == row.name.strip().casefold():
                return found.item
        named = self._by_name.get(first.name.strip().casefold(), [])
        if len(named) > 1:
            faults.append(RowFault(first.line, "name", Refused(Refusal.NAMED_TWICE)))
        return named[0] if len(named) == 1 else None

    def _draft(
        self, rows: Sequence[CatalogueRow], before: Item | None, faults: list[RowFault]
    ) -> tuple[ItemDraft, str | None]:
        own = next((row for row in rows if row.variation is None), None)
        first = own or rows[0]
        category_id, new_category = self._category(first, before, faults)
        price_minor = first.price_minor
        if own is None and before is not None:
            price_minor = before.price_minor
        barcode = own.barcode if own is not None else None
        position = first.position
        if position is None:
            position = before.position if before is not None else 0
        draft = ItemDraft(
            name=first.name,
            price_minor=price_minor,
            category_id=category_id,
            tax_ids=self._tax_ids(first, before, faults),
            barcode=barcode or (before.barcode if before is not None else None),
            position=position,
            variations=self._variations(rows, before),
            is_gift_card=_is_gift_card(first, before),
        )
        return draft, new_category

    def _category(
        self, row: CatalogueRow, before: Item | None, faults: list[RowFault]
    ) -> tuple[UUID | None, str | None]:
        if row.category is None:
            return (before.category_id if before is not None else None), None
        name = checked_name(row.category)
        if isinstance(name, Refused):
            faults.append(RowFault(row.line, "category", name))
            return None, None
        known = self._categories.get(name.casefold())
        return (known.id, None) if known is not None else (None, name)

    def _tax_ids(self, row: CatalogueRow, before: Item | None, faults: list[RowFault]) -> tuple[str, ...]:
        if row.tax_names is None:
            return tuple(rate.id for rate in before.tax_rates) if before is not None else self._usual
        found = [self._taxes.get(name.strip().casefold()) for name in row.tax_names]
        if None in found:
            faults.append(RowFault(row.line, "taxes", Refused(Refusal.TAX_UNKNOWN)))
        return tuple(dict.fromkeys(each for each in found if each is not None))

    def _variations(self, rows: Sequence[CatalogueRow], before: Item | None) -> tuple[VariationDraft, ...]:
        there: Sequence[ItemVariation] = (
            self.uow.catalogue.variations(before.id) if before is not None else ()
        )
        drafts = {
            each.name.casefold(): VariationDraft(each.name, each.price_minor, each.barcode, each.id)
            for each in there
        }
        for row in rows:
            if row.variation is not None:
                known = drafts.get(row.variation.strip().casefold())
                drafts[row.variation.strip().casefold()] = VariationDraft(
                    row.variation,
                    row.price_minor,
                    row.barcode or (known.barcode if known is not None else None),
                    known.id if known is not None else None,
                )
        return tuple(drafts.values())

    def _draft_faults(
        self, rows: Sequence[CatalogueRow], draft: ItemDraft, before: Item | None
    ) -> list[RowFault]:
        own = next((row for row in rows if row.variation is None), rows[0])
        of_variation = {row.variation.strip().casefold(): row for row in rows if row.variation is not None}
        found = []
        for name, refused in item_faults(self.uow, draft, before).items():
            row, column = own, "name" if name == "item" else name
            if name.startswith("variation_"):
                _, place, part = name.split("_")
                row = of_variation.get(draft.variations[int(place)].name.strip().casefold(), own)
                column = "variation" if part == "name" else part
            found.append(RowFault(row.line, column, refused))
        for row in rows:
            barcode = typed_barcode(row.barcode)
            if barcode is not None:
                other = self._taken.get(barcode)
                if other is not None and other != rows[0].name:
                    taken = Refused(Refusal.BARCODE_TAKEN, {"item": other})
                    found.append(RowFault(row.line, "barcode", taken))
                self._taken.update(dict.fromkeys(barcode_spellings(barcode), rows[0].name))
        return found

    def _kind(self, draft: ItemDraft, before: Item | None, new_category: str | None) -> Planned:
        if before is None:
            return Planned.NEW
        prepared = prepared_item(self.uow, draft, before)
        same_item = replace(prepared.item, version=before.version) == before
        stored = {each.id: each for each in self.uow.catalogue.all_variations() if each.item_id == before.id}
        same_variations = all(stored.get(each.id) == each for each in prepared.variations)
        is_same = new_category is None and same_item and same_variations
        return Planned.SAME if is_same else Planned.CHANGED


def _is_gift_card(row: CatalogueRow, before: Item | None) -> bool:
    if row.is_gift_card is not None:
        return row.is_gift_card
    return before is not None and before.is_gift_card
