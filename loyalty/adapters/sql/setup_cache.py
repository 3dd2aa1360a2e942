"""What the shop set up, kept in memory and read again when a change of it was committed anywhere.

Every transaction reads one number, ``setup_revision``; whoever changes a set-up table raises it in the
same transaction. So a cached catalogue is never older than the transaction that uses it, also with
several processes on one database.
"""

import threading
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from loyalty.adapters.sql.filters.membership import MembershipQuery
from loyalty.domain.catalogue import Category, Item, ItemVariation, TaxRate
from loyalty.domain.custom_field import CustomField
from loyalty.domain.filters import FilterSet, Known
from loyalty.domain.group import Group
from loyalty.domain.loyalty_settings import DEFAULT_LOYALTY_SETTINGS, LoyaltySettings
from loyalty.domain.programme import ProgrammeVersion
from loyalty.domain.promotions import Promotion
from loyalty.domain.shop import Lane, ShopSettings


@dataclass(frozen=True)
class Setup:
    """All small, rarely changed rows at one revision."""

    revision: int
    settings: ShopSettings | None
    lanes: tuple[Lane, ...]
    categories: tuple[Category, ...]
    items: dict[UUID, Item]
    items_by_barcode: dict[str, Item]
    programme: ProgrammeVersion | None
    groups: dict[UUID, Group]
    versions: dict[int, ProgrammeVersion] = field(default_factory=dict)
    """Versions of the programme that were asked for; they never change."""
    promotions: tuple[Promotion, ...] = ()
    """Newest first."""
    variations: dict[UUID, ItemVariation] = field(default_factory=dict)
    tax_rates: tuple[TaxRate, ...] = ()
    loyalty_settings: LoyaltySettings = DEFAULT_LOYALTY_SETTINGS
    filters: dict[UUID, FilterSet] = field(default_factory=dict)
    """Of smart groups, which are among the groups."""
    custom_fields: tuple[CustomField, ...] = ()
    memberships: list[MembershipQuery] = field(default_factory=list)
    """Compiled when it is asked for first; one at most."""

    @cached_property
    def known(self) -> Known:
        """What filters may refer to."""
        return Known.of(
            lanes=self.lanes,
            items=self.items.values(),
            variations=self.variations.values(),
            categories=self.categories,
            manual_groups=[group for group in self.groups.values() if group.id not in self.filters],
            fields=self.custom_fields,
            programme=self.programme,
        )

    @property
    def membership(self) -> MembershipQuery:
        """The one query that says in which groups a customer is."""
        if not self.memberships:
            conditions = {each: filters.condition(self.known) for each, filters in self.filters.items()}
            manual = [group_id for group_id in self.groups if group_id not in self.filters]
            self.memberships.append(MembershipQuery(manual, conditions))
        return self.memberships[0]


class SetupCache:
    """Holds the newest set-up that was committed. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._setup: Setup | None = None

    def at(self, revision: int) -> Setup | None:
        """The set-up of exactly this revision, if it is the one kept."""
        setup = self._setup
        return setup if setup is not None and setup.revision == revision else None

    def keep(self, setup: Setup) -> None:
        with self._lock:
            if self._setup is None or self._setup.revision < setup.revision:
                self._setup = setup
