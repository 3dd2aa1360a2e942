"""Who bought from which categories (row 4)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from loyalty.domain.filters.base import Entry, FormField, Known, Missing, Named, Noun, Said
from loyalty.domain.filters.condition import Bought, Condition, Not
from loyalty.domain.filters.period import ALWAYS, Period
from loyalty.errors import InvalidValueError


@dataclass(frozen=True, slots=True)
class CategoriesBought:
    """Something of one of these categories was bought and kept, or of none of them."""

    category_ids: frozenset[UUID]
    period: Period = ALWAYS
    has_bought: bool = True
    kind: ClassVar[str] = "categories_bought"
    title: ClassVar[str] = "Categories bought"
    form: ClassVar[tuple[FormField, ...]] = (
        FormField("has_bought", Entry.YES_NO, "Has bought|Has not bought"),
        FormField("category_ids", Entry.CATEGORIES, "Categories"),
        FormField("period", Entry.PERIOD, "When"),
    )

    def __post_init__(self) -> None:
        if not self.category_ids:
            raise InvalidValueError("nothing is chosen")

    def said(self) -> Said:
        text = "Bought from {names}, {period}" if self.has_bought else "Has not bought from {names}, {period}"
        return Said(text, {"names": Named(Noun.CATEGORY, self.category_ids), "period": self.period})

    def missing(self, known: Known) -> tuple[Missing, ...]:
        return known.missing_of(Noun.CATEGORY, self.category_ids)

    def condition(self, known: Known) -> Condition:  # noqa: ARG002
        has = Bought(self.period, category_ids=self.category_ids)
        return has if self.has_bought else Not(has)
