"""Who bought which items (row 4)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from loyalty.domain.filters.base import Entry, FormField, Known, Missing, Named, Noun, Said
from loyalty.domain.filters.condition import Bought, Condition, Not
from loyalty.domain.filters.period import ALWAYS, Period
from loyalty.errors import InvalidValueError


@dataclass(frozen=True, slots=True)
class ItemsBought:
    """One of these items or variations was bought and kept, or none of them."""

    item_ids: frozenset[UUID]
    period: Period = ALWAYS
    has_bought: bool = True
    kind: ClassVar[str] = "items_bought"
    title: ClassVar[str] = "Items bought"
    form: ClassVar[tuple[FormField, ...]] = (
        FormField("has_bought", Entry.YES_NO, "Has bought|Has not bought"),
        FormField("item_ids", Entry.ITEMS, "Items"),
        FormField("period", Entry.PERIOD, "When"),
    )

    def __post_init__(self) -> None:
        if not self.item_ids:
            raise InvalidValueError("nothing is chosen")

    def said(self) -> Said:
        text = "Bought {names}, {period}" if self.has_bought else "Has not bought {names}, {period}"
        return Said(text, {"names": Named(Noun.ITEM, self.item_ids), "period": self.period})

    def missing(self, known: Known) -> tuple[Missing, ...]:
        return known.missing_of(Noun.ITEM, self.item_ids)

    def condition(self, known: Known) -> Condition:
        variations = self.item_ids & known.variations
        has = Bought(self.period, item_ids=self.item_ids - variations, variation_ids=variations)
        return has if self.has_bought else Not(has)
