"""The shop, its lanes, its catalogue and its programme in memory."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from loyalty.domain.catalogue import Category, Item, ItemVariation, TaxRate
from loyalty.domain.loyalty_settings import DEFAULT_LOYALTY_SETTINGS, LoyaltySettings
from loyalty.domain.programme import ProgrammeVersion
from loyalty.domain.shop import Lane, ShopSettings
from loyalty.errors import ConflictError
from tests.fakes.loyalty_tables import Repository


class InMemoryShop(Repository):
    def settings(self) -> ShopSettings | None:
        return self._tables.settings[-1] if self._tables.settings else None

    def save(self, settings: ShopSettings) -> None:
        self._tables.settings = [settings]


class InMemoryLanes(Repository):
    def save(self, lane: Lane) -> None:
        for other in self.all():
            if other.id != lane.id and (
                other.number == lane.number or (lane.device is not None and other.device == lane.device)
            ):
                raise ConflictError("number or device taken")
        self._tables.lanes[lane.id] = lane

    def get(self, lane_id: UUID) -> Lane | None:
        return self._tables.lanes.get(lane_id)

    def by_device(self, device: str) -> Lane | None:
        return next((lane for lane in self.all() if lane.device == device and lane.is_active), None)

    def by_number(self, number: int) -> Lane | None:
        return next((lane for lane in self.all() if lane.number == number), None)

    def all(self) -> Sequence[Lane]:
        return sorted(self._tables.lanes.values(), key=lambda lane: lane.number)


class InMemoryCatalogue(Repository):
    def save_category(self, category: Category) -> None:
        self._tables.categories[category.id] = category

    def save_item(self, item: Item) -> None:
        there = self.item_by_barcode(item.barcode) if item.barcode is not None and item.is_active else None
        if there is not None and there.id != item.id:
            raise ConflictError("barcode taken")
        for rate in item.tax_rates:
            self._tables.programme.tax_rates[rate.id] = rate
        self._tables.items[item.id] = item

    def change_item(self, item: Item) -> None:
        there = self._tables.items.get(item.id)
        if there is None or there.version != item.version - 1:
            raise ConflictError("changed meanwhile")
        self.save_item(item)

    def remove_category(self, category_id: UUID) -> None:
        if any(item.category_id == category_id for item in self._tables.items.values()):
            raise ConflictError("in use")
        self._tables.categories.pop(category_id, None)

    def save_tax_rate(self, rate: TaxRate) -> None:
        self._tables.programme.tax_rates[rate.id] = rate
        for item in list(self._tables.items.values()):
            rates = tuple(rate if each.id == rate.id else each for each in item.tax_rates)
            self._tables.items[item.id] = replace(item, tax_rates=rates)

    def remove_tax_rate(self, rate_id: str) -> None:
        if any(rate.id == rate_id for item in self._tables.items.values() for rate in item.tax_rates):
            raise ConflictError("in use")
        self._tables.programme.tax_rates.pop(rate_id, None)

    def tax_rates(self) -> Sequence[TaxRate]:
        return tuple(sorted(self._tables.programme.tax_rates.values(), key=lambda r: (r.name, r.id)))

    def item(self, item_id: UUID) -> Item | None:
        return self._tables.items.get(item_id)

    def item_by_barcode(self, barcode: str) -> Item | None:
        return next((item for item in self.items() if item.barcode == barcode), None)

    def items(self) -> Sequence[Item]:
        return [item for item in self.all_items() if item.is_active]

    def all_items(self) -> Sequence[Item]:
        return sorted(self._tables.items.values(), key=lambda item: (item.position, item.name, item.id))

    def categories(self) -> Sequence[Category]:
        return tuple(sorted(self._tables.categories.values(), key=lambda c: (c.position, c.name, c.id)))

    def all_variations(self) -> Sequence[ItemVariation]:
        known = self._tables.programme.variations.values()
        return sorted(known, key=lambda each: (each.position, each.name, each.id))

    def save_variation(self, variation: ItemVariation) -> None:
        self._tables.programme.variations[variation.id] = variation

    def variations(self, item_id: UUID) -> Sequence[ItemVariation]:
        known = self._tables.programme.variations.values()
        found = [each for each in known if each.item_id == item_id and each.is_active]
        return sorted(found, key=lambda each: (each.position, each.name, each.id))

    def variation(self, variation_id: UUID) -> ItemVariation | None:
        return self._tables.programme.variations.get(variation_id)

    def variation_by_barcode(self, barcode: str) -> ItemVariation | None:
        known = self._tables.programme.variations.values()
        return next((each for each in known if each.barcode == barcode and each.is_active), None)


class InMemoryProgramme(Repository):
    def current(self) -> ProgrammeVersion | None:
        return max(self._tables.programmes, key=lambda version: version.version, default=None)

    def add(self, version: ProgrammeVersion) -> None:
        if any(other.version == version.version for other in self._tables.programmes):
            raise ConflictError("version taken")
        self._tables.programmes.append(version)

    def version(self, number: int) -> ProgrammeVersion | None:
        return next((each for each in self._tables.programmes if each.version == number), None)

    def all(self) -> Sequence[ProgrammeVersion]:
        return sorted(self._tables.programmes, key=lambda version: version.version, reverse=True)

    def settings(self) -> LoyaltySettings:
        saved = self._tables.programme.settings
        return saved[-1] if saved else DEFAULT_LOYALTY_SETTINGS

    def save_settings(self, settings: LoyaltySettings) -> None:
        self._tables.programme.settings = [settings]
