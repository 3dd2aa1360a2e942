"""Reads the whole set-up of the shop, through the cache."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, update

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.adapters.sql.json_values import (
    accrual_from_json,
    expiry_from_json,
    group_discounts_from_json,
    incentive_from_json,
    loyalty_settings_from_json,
    schedule_from_json,
    terms_from_json,
    trust_from_json,
)
from loyalty.adapters.sql.prepared import Prepared
from loyalty.adapters.sql.setup_cache import Setup, SetupCache
from loyalty.domain.catalogue import Category, Item, ItemVariation, TaxInclusion, TaxRate
from loyalty.domain.custom_field import CustomField, FieldKind
from loyalty.domain.filters import filters_from_json
from loyalty.domain.group import DiscountScope, Group, GroupDiscount, ScopeKind
from loyalty.domain.loyalty_settings import DEFAULT_LOYALTY_SETTINGS, LoyaltySettings
from loyalty.domain.money import Currency
from loyalty.domain.programme import PointsName, ProgrammeVersion, RewardTier
from loyalty.domain.promotions import Promotion, TriggerLimit, TriggerPeriod
from loyalty.domain.shop import Lane, LaneSound, ShopSettings

_REVISION = Prepared(select(schema.setup_revision.c.revision))
_GROUPS = select(schema.groups).where(schema.groups.c.archived_at.is_(None)).order_by(schema.groups.c.name)
_RAISE = update(schema.setup_revision).values(revision=schema.setup_revision.c.revision + 1)


class SetupReader:
    """The set-up as this transaction sees it."""

    def __init__(self, transaction: Transaction, cache: SetupCache) -> None:
        self._transaction = transaction
        self._cache = cache
        self._setup: Setup | None = None
        self._is_changed = False

    @property
    def current(self) -> Setup:
        if self._setup is None:
            self._setup = self._read()
        return self._setup

    def changed(self) -> None:
        """Call with every write to a set-up table: other transactions read again once this commits."""
        self._transaction.execute(_RAISE)
        self._setup = None
        self._is_changed = True

    def _read(self) -> Setup:
        row = self._transaction.first(_REVISION)
        revision: int = row.revision if row is not None else 0
        kept = None if self._is_changed else self._cache.at(revision)
        if kept is not None:
            return kept
        tax_rates = self._tax_rates()
        items = self._items(tax_rates)
        groups = self._transaction.all(_GROUPS)
        setup = Setup(
            revision=revision,
            settings=self._settings(),
            lanes=self._lanes(),
            categories=self._categories(),
            items={item.id: item for item in items},
            items_by_barcode={
                item.barcode: item for item in items if item.barcode is not None and item.is_active
            },
            programme=self._programme(),
            groups={row.id: _group(row) for row in groups},
            filters={row.id: filters_from_json(row.filters) for row in groups if row.filters is not None},
            custom_fields=self._custom_fields(),
            promotions=self._promotions(),
            variations=self._variations(),
            tax_rates=tax_rates,
            loyalty_settings=self._loyalty_settings(),
        )
        if not self._is_changed:
            self._cache.keep(setup)
        return setup

    def _settings(self) -> ShopSettings | None:
        row = self._transaction.first(select(schema.shop_settings))
        if row is None:
            return None
        return ShopSettings(
            name=row.name,
            store=row.store,
            country=row.country,
            currency=Currency(row.currency),
            timezone=row.timezone,
            default_language=row.default_language,
            languages=tuple(row.languages),
            phone_region=row.phone_region,
            trust=trust_from_json(row.trust),
            is_demo=row.is_demo,
            revision=row.revision,
            smallest_coin_minor=row.smallest_coin_minor,
        )

    def _lanes(self) -> tuple[Lane, ...]:
        rows = self._transaction.all(select(schema.lanes).order_by(schema.lanes.c.number))
        return tuple(
            Lane(
                id=row.id,
                number=row.number,
                device=row.device,
                is_training=row.is_training,
                is_active=row.is_active,
                is_companion=row.is_companion,
                sound=LaneSound(row.sound_volume_percent, row.sound_cues, row.sound_speech),
            )
            for row in rows
        )

    def _categories(self) -> tuple[Category, ...]:
        columns = schema.categories.c
        rows = self._transaction.all(
            select(schema.categories).order_by(columns.position, columns.name, columns.id)
        )
        return tuple(Category(row.id, row.name, row.position) for row in rows)

    def _tax_rates(self) -> tuple[TaxRate, ...]:
        columns = schema.tax_rates.c
        rows = self._transaction.all(select(schema.tax_rates).order_by(columns.name, columns.id))
        return tuple(TaxRate(row.id, row.name, row.rate_ppm, TaxInclusion(row.inclusion)) for row in rows)

    def _items(self, tax_rates: tuple[TaxRate, ...]) -> list[Item]:
        rates = {rate.id: rate for rate in tax_rates}
        rates_of: dict[UUID, list[TaxRate]] = defaultdict(list)
        for row in self._transaction.all(
            select(schema.item_tax_rates).order_by(schema.item_tax_rates.c.tax_rate_id)
        ):
            rates_of[row.item_id].append(rates[row.tax_rate_id])
        columns = schema.items.c
        rows = self._transaction.all(
            select(schema.items).order_by(columns.position, columns.name, columns.id)
        )
        return [
            Item(
                id=row.id,
                name=row.name,
                price_minor=row.price_minor,
                category_id=row.category_id,
                tax_rates=tuple(rates_of[row.id]),
                barcode=row.barcode,
                position=row.position,
                is_active=row.is_active,
                version=row.version,
                is_gift_card=row.is_gift_card,
            )
            for row in rows
        ]

    def _programme(self) -> ProgrammeVersion | None:
        versions = schema.programme_versions
        row = self._transaction.first(select(versions).order_by(versions.c.version.desc()).limit(1))
        return self._version(row) if row is not None else None

    def version(self, number: int) -> ProgrammeVersion | None:
        """Any version of the programme; None for one that there never was."""
        current = self.current
        if current.programme is not None and current.programme.version == number:
            return current.programme
        kept = current.versions.get(number)
        if kept is None:
            versions = schema.programme_versions
            row = self._transaction.first(select(versions).where(versions.c.version == number))
            if row is None:
                return None
            kept = current.versions[number] = self._version(row)
        return kept

    def all_versions(self) -> list[ProgrammeVersion]:
        """Newest first."""
        versions = schema.programme_versions
        rows = self._transaction.all(select(versions).order_by(versions.c.version.desc()))
        return [self._version(row) for row in rows]

    def _version(self, row: Row[Any]) -> ProgrammeVersion:
        tiers = schema.reward_tiers
        tier_rows = self._transaction.all(
            select(tiers).where(tiers.c.programme_version == row.version).order_by(tiers.c.position)
        )
        return ProgrammeVersion(
            version=row.version,
            valid_from=row.valid_from,
            accrual=accrual_from_json(row.accrual),
            points_name=PointsName(row.points_name_one, row.points_name_many),
            tiers=tuple(
                RewardTier(tier.tier_id, tier.name, tier.points, terms_from_json(tier.terms))
                for tier in tier_rows
            ),
            is_active=row.is_active,
            expiry=expiry_from_json(row.expiry),
            max_rewards_per_sale=row.max_rewards_per_sale,
        )

    def _promotions(self) -> tuple[Promotion, ...]:
        columns = schema.promotions.c
        rows = self._transaction.all(
            select(schema.promotions).order_by(columns.created_at.desc(), columns.id.desc())
        )
        return tuple(_promotion(row) for row in rows)

    def _variations(self) -> dict[UUID, ItemVariation]:
        columns = schema.item_variations.c
        rows = self._transaction.all(
            select(schema.item_variations).order_by(columns.position, columns.name, columns.id)
        )
        return {row.id: ItemVariation(**row._mapping) for row in rows}

    def _loyalty_settings(self) -> LoyaltySettings:
        row = self._transaction.first(select(schema.loyalty_settings))
        return loyalty_settings_from_json(row.value) if row is not None else DEFAULT_LOYALTY_SETTINGS

    def _custom_fields(self) -> tuple[CustomField, ...]:
        columns = schema.custom_fields.c
        rows = self._transaction.all(select(schema.custom_fields).order_by(columns.position, columns.id))
        return tuple(
            CustomField(
                row.id, row.name, FieldKind(row.kind), tuple(row.choices), row.position, row.archived_at
            )
            for row in rows
        )


def _group(row: Row[Any]) -> Group:
    discount = None
    if row.discount_rate_ppm is not None:
        ids = frozenset(UUID(scoped) for scoped in row.scope_ids or ())
        discount = GroupDiscount(row.discount_rate_ppm, DiscountScope(ScopeKind(row.scope_kind), ids))
    return Group(row.id, row.name, discount, group_discounts_from_json(row.further_discounts or []))


def _promotion(row: Row[Any]) -> Promotion:
    limit = TriggerLimit(row.limit_times, TriggerPeriod(row.limit_per)) if row.limit_times else None
    return Promotion(
        id=row.id,
        name=row.name,
        incentive=incentive_from_json(row.incentive),
        schedule=schedule_from_json(row.schedule),
        created_at=row.created_at,
        minimum_spend_minor=row.minimum_spend_minor,
        item_ids=tuple(UUID(each) for each in row.item_ids),
        category_ids=tuple(UUID(each) for each in row.category_ids),
        trigger_limit=limit,
        cancelled_at=row.cancelled_at,
    )
