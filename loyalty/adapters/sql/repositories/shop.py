"""Set-up repositories: reads come from the cached set-up, writes raise its revision."""

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from sqlalchemy import delete, update

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.adapters.sql.json_values import (
    accrual_to_json,
    expiry_to_json,
    loyalty_settings_to_json,
    terms_to_json,
    trust_to_json,
)
from loyalty.adapters.sql.repositories.setup import SetupReader
from loyalty.domain.catalogue import Category, Item, ItemVariation, TaxRate
from loyalty.domain.loyalty_settings import LoyaltySettings
from loyalty.domain.programme import ProgrammeVersion
from loyalty.domain.shop import Lane, ShopSettings
from loyalty.errors import ConflictError


class SqlShopRepository:
    """The shop's settings."""

    def __init__(self, transaction: Transaction, setup: SetupReader) -> None:
        self._transaction = transaction
        self._setup = setup

    def settings(self) -> ShopSettings | None:
        return self._setup.current.settings

    def save(self, settings: ShopSettings) -> None:
        self._transaction.upsert(
            schema.shop_settings,
            {
                "id": 1,
                "name": settings.name,
                "store": settings.store,
                "country": settings.country,
                "currency": settings.currency,
                "timezone": settings.timezone,
                "default_language": settings.default_language,
                "languages": list(settings.languages),
                "phone_region": settings.phone_region,
                "trust": trust_to_json(settings.trust),
                "is_demo": settings.is_demo,
                "revision": settings.revision,
                "smallest_coin_minor": settings.smallest_coin_minor,
            },
        )
        self._setup.changed()


class SqlLaneRepository:
    """Lanes."""

    def __init__(self, transaction: Transaction, setup: SetupReader) -> None:
        self._transaction = transaction
        self._setup = setup

    def save(self, lane: Lane) -> None:
        row = asdict(lane)
        row |= {f"sound_{name}": value for name, value in row.pop("sound").items()}
        self._transaction.upsert(schema.lanes, row)
        self._setup.changed()

    def get(self, lane_id: UUID) -> Lane | None:
        return next((lane for lane in self.all() if lane.id == lane_id), None)

    def by_device(self, device: str) -> Lane | None:
        return next((lane for lane in self.all() if lane.device == device and lane.is_active), None)

    def by_number(self, number: int) -> Lane | None:
        return next((lane for lane in self.all() if lane.number == number), None)

    def all(self) -> Sequence[Lane]:
        return self._setup.current.lanes


class SqlCatalogueRepository:
    """Items and categories."""

    def __init__(self, transaction: Transaction, setup: SetupReader) -> None:
        self._transaction = transaction
        self._setup = setup

    def save_category(self, category: Category) -> None:
        self._transaction.upsert(schema.categories, asdict(category))
        self._setup.changed()

    def remove_category(self, category_id: UUID) -> None:
        self._transaction.execute(delete(schema.categories).where(schema.categories.c.id == category_id))
        self._setup.changed()

    def save_tax_rate(self, rate: TaxRate) -> None:
        self._transaction.upsert(schema.tax_rates, asdict(rate))
        self._setup.changed()

    def remove_tax_rate(self, rate_id: str) -> None:
        self._transaction.execute(delete(schema.tax_rates).where(schema.tax_rates.c.id == rate_id))
        self._setup.changed()

    def tax_rates(self) -> Sequence[TaxRate]:
        return self._setup.current.tax_rates

    def save_item(self, item: Item) -> None:
        self._transaction.upsert(schema.items, _item_row(item))
        self._save_taxes(item)

    def change_item(self, item: Item) -> None:
        columns = schema.items.c
        statement = update(schema.items).where(columns.id == item.id, columns.version == item.version - 1)
        if self._transaction.execute(statement.values(_item_row(item))).rowcount != 1:
            raise ConflictError("somebody else changed this item", item=str(item.id))
        self._save_taxes(item)

    def _save_taxes(self, item: Item) -> None:
        links = schema.item_tax_rates
        self._transaction.execute(delete(links).where(links.c.item_id == item.id))
        for rate in item.tax_rates:
            self._transaction.upsert(schema.tax_rates, asdict(rate))
            self._transaction.upsert(links, {"item_id": item.id, "tax_rate_id": rate.id})
        self._setup.changed()

    def item(self, item_id: UUID) -> Item | None:
        return self._setup.current.items.get(item_id)

    def item_by_barcode(self, barcode: str) -> Item | None:
        return self._setup.current.items_by_barcode.get(barcode)

    def items(self) -> Sequence[Item]:
        return [item for item in self._setup.current.items.values() if item.is_active]

    def all_items(self) -> Sequence[Item]:
        return tuple(self._setup.current.items.values())

    def categories(self) -> Sequence[Category]:
        return self._setup.current.categories

    def save_variation(self, variation: ItemVariation) -> None:
        self._transaction.upsert(schema.item_variations, asdict(variation))
        self._setup.changed()

    def variations(self, item_id: UUID) -> Sequence[ItemVariation]:
        return [
            each
            for each in self._setup.current.variations.values()
            if each.item_id == item_id and each.is_active
        ]

    def all_variations(self) -> Sequence[ItemVariation]:
        return tuple(self._setup.current.variations.values())

    def variation(self, variation_id: UUID) -> ItemVariation | None:
        return self._setup.current.variations.get(variation_id)

    def variation_by_barcode(self, barcode: str) -> ItemVariation | None:
        known = self._setup.current.variations.values()
        return next((each for each in known if each.barcode == barcode and each.is_active), None)


def _item_row(item: Item) -> dict[str, object]:
    values = asdict(item)
    del values["tax_rates"]
    return values


class SqlProgrammeRepository:
    """Versions of the programme."""

    def __init__(self, transaction: Transaction, setup: SetupReader) -> None:
        self._transaction = transaction
        self._setup = setup

    def current(self) -> ProgrammeVersion | None:
        return self._setup.current.programme

    def add(self, version: ProgrammeVersion) -> None:
        self._transaction.execute(
            schema.programme_versions.insert(),
            {
                "version": version.version,
                "valid_from": version.valid_from,
                "accrual": accrual_to_json(version.accrual),
                "points_name_one": version.points_name.one,
                "points_name_many": version.points_name.many,
                "is_active": version.is_active,
                "expiry": expiry_to_json(version.expiry),
                "max_rewards_per_sale": version.max_rewards_per_sale,
            },
        )
        for position, tier in enumerate(version.tiers):
            self._transaction.execute(
                schema.reward_tiers.insert(),
                {
                    "programme_version": version.version,
                    "tier_id": tier.id,
                    "name": tier.name,
                    "points": tier.points,
                    "terms": terms_to_json(tier.terms),
                    "position": position,
                },
            )
        self._setup.changed()

    def version(self, number: int) -> ProgrammeVersion | None:
        return self._setup.version(number)

    def all(self) -> Sequence[ProgrammeVersion]:
        return self._setup.all_versions()

    def settings(self) -> LoyaltySettings:
        return self._setup.current.loyalty_settings

    def save_settings(self, settings: LoyaltySettings) -> None:
        values = {"id": 1, "value": loyalty_settings_to_json(settings)}
        self._transaction.upsert(schema.loyalty_settings, values)
        self._setup.changed()
