"""The catalogue as pickers and sentences need it: shelves, and names by id."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from loyalty.domain.catalogue import Category, Item, ItemVariation
from loyalty.ports.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Good:
    """An item, or one variation of it, that can be picked."""

    id: UUID
    name: str
    price_minor: int
    item: Item
    variation: ItemVariation | None = None


@dataclass(frozen=True)
class GoodsShelf:
    """A category with what stands in it; without a category, what belongs to none."""

    category: Category | None
    goods: tuple[Good, ...]


@dataclass(frozen=True)
class Goods:
    """All that is sold."""

    shelves: tuple[GoodsShelf, ...]

    @property
    def items(self) -> dict[UUID, Good]:
        return {good.id: good for shelf in self.shelves for good in shelf.goods}

    @property
    def categories(self) -> dict[UUID, Category]:
        return {shelf.category.id: shelf.category for shelf in self.shelves if shelf.category is not None}

    def names(self, ids: Iterable[UUID], gone: str) -> list[str]:
        """Names in the order of the shelves; ``gone`` for what is no longer sold."""
        wanted = set(ids)
        named = [(each.id, each.name) for each in self.categories.values()]
        named += [(good.id, good.name) for good in self.items.values()]
        there = [name for key, name in named if key in wanted]
        missing = len(wanted - {key for key, _ in named})
        return there + [gone] * min(missing, 1)


def read_goods(unit: UnitOfWork) -> Goods:
    """The catalogue as it is now."""
    by_category: dict[UUID | None, list[Good]] = defaultdict(list)
    for item in unit.catalogue.items():
        by_category[item.category_id].append(Good(item.id, item.name, item.price_minor, item))
        for variation in unit.catalogue.variations(item.id):
            name = f"{item.name} – {variation.name}"
            by_category[item.category_id].append(
                Good(variation.id, name, variation.price_minor, item, variation)
            )
    shelves = [
        GoodsShelf(category, tuple(by_category.pop(category.id, ())))
        for category in unit.catalogue.categories()
    ]
    rest = tuple(good for goods in by_category.values() for good in goods)
    return Goods((*shelves, *((GoodsShelf(None, rest),) if rest else ())))
