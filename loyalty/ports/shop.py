"""What the shop set up: settings, lanes, catalogue, programme. Small, read often, kept in memory."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from loyalty.domain.catalogue import Category, Item
from loyalty.domain.programme import ProgrammeVersion
from loyalty.domain.shop import Lane, ShopSettings


class ShopRepository(Protocol):
    """The one shop of this database."""

    def settings(self) -> ShopSettings | None:
        """None for an empty database."""

    def save(self, settings: ShopSettings) -> None: ...


class LaneRepository(Protocol):
    """Counter positions."""

    def save(self, lane: Lane) -> None:
        """Store a new or changed lane.

        Raises:
            ConflictError: Its number or device is another lane's.
        """

    def get(self, lane_id: UUID) -> Lane | None: ...

    def by_device(self, device: str) -> Lane | None:
        """The active lane of a certificate name."""

    def by_number(self, number: int) -> Lane | None: ...

    def all(self) -> Sequence[Lane]:
        """By number."""


class CatalogueRepository(Protocol):
    """Items and categories."""

    def save_category(self, category: Category) -> None: ...

    def save_item(self, item: Item) -> None: ...

    def item(self, item_id: UUID) -> Item | None: ...

    def item_by_barcode(self, barcode: str) -> Item | None:
        """Exact match among active items."""

    def items(self) -> Sequence[Item]:
        """Active ones in the order of the till's buttons."""

    def categories(self) -> Sequence[Category]: ...


class ProgrammeRepository(Protocol):
    """Versions of the programme."""

    def current(self) -> ProgrammeVersion | None:
        """The latest version."""

    def add(self, version: ProgrammeVersion) -> None: ...
