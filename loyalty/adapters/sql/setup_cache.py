"""What the shop set up, kept in memory and read again when a change of it was committed anywhere.

Every transaction reads one number, ``setup_revision``; whoever changes a set-up table raises it in the
same transaction. So a cached catalogue is never older than the transaction that uses it, also with
several processes on one database.
"""

import threading
from dataclasses import dataclass, field
from uuid import UUID

from loyalty.domain.catalogue import Category, Item, ItemVariation, TaxRate
from loyalty.domain.group import Group
from loyalty.domain.loyalty_settings import DEFAULT_LOYALTY_SETTINGS, LoyaltySettings
from loyalty.domain.programme import ProgrammeVersion
from loyalty.domain.promotions import Promotion
from loyalty.domain.shop import Lane, ShopSettings


@dataclass(frozen=True, slots=True)
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
