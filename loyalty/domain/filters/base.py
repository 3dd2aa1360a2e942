"""What every filter is: parameters with a form, words, and a condition."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, Protocol
from uuid import UUID

from loyalty.domain.catalogue import Category, Item, ItemVariation
from loyalty.domain.custom_field import CustomField
from loyalty.domain.filters.condition import Condition
from loyalty.domain.group import Group
from loyalty.domain.programme import ProgrammeVersion
from loyalty.domain.shop import Lane


class Entry(StrEnum):
    """What kind of entry a form shows for a parameter."""

    COMPARATOR = "comparator"
    COUNT = "count"
    MONEY = "money"
    POINTS = "points"
    PERCENT = "percent"
    PERIOD = "period"
    WINDOW = "window"
    """A period that goes on until now."""
    YES_NO = "yes_no"
    ITEMS = "items"
    CATEGORIES = "categories"
    LANES = "lanes"
    TENDERS = "tenders"
    TEXT = "text"
    GROUPS = "groups"
    SOURCES = "sources"
    MONTH = "month"
    DAYS = "days"
    FIELD = "field"
    CHOICES = "choices"
    MESSAGES = "messages"
    SINCE = "since"
    """What somebody did after a message."""
    DAYS_AFTER = "days_after"


@dataclass(frozen=True, slots=True)
class FormField:
    """A parameter in the form. ``label`` is a source text; of yes and no there are two, ``label|other``."""

    name: str
    entry: Entry
    label: str


class Noun(StrEnum):
    """What a filter may name by id."""

    LANE = "lane"
    ITEM = "item"
    CATEGORY = "category"
    GROUP = "group"
    FIELD = "field"
    CHOICE = "choice"
    TIER = "tier"


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that a filter names and the shop has no more; ``name`` is what is still known of it."""

    noun: Noun
    name: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the shop has now, by id with its name: what filters may refer to.

    ``items`` holds variations too, which ``variations`` names apart; ``groups`` the manual ones, ``fields``
    those still in use, ``tiers`` the points of each reward.
    """

    lanes: Mapping[UUID, str] = field(default_factory=dict)
    items: Mapping[UUID, str] = field(default_factory=dict)
    categories: Mapping[UUID, str] = field(default_factory=dict)
    groups: Mapping[UUID, str] = field(default_factory=dict)
    fields: Mapping[UUID, CustomField] = field(default_factory=dict)
    tiers: tuple[int, ...] = ()
    variations: frozenset[UUID] = frozenset()

    @classmethod
    def of(
        cls,
        *,
        lanes: Iterable[Lane],
        items: Iterable[Item],
        variations: Iterable[ItemVariation],
        categories: Iterable[Category],
        manual_groups: Iterable[Group],
        fields: Iterable[CustomField],
        programme: ProgrammeVersion | None,
    ) -> "Known":
        """What a shop has; items that are sold no more stay known by what was bought of them."""
        names = {item.id: item.name for item in items}
        forms = {each.id: f"{names.get(each.item_id, '')}, {each.name}" for each in variations}
        return cls(
            lanes={lane.id: str(lane.number) for lane in lanes},
            items=names | forms,
            variations=frozenset(forms),
            categories={category.id: category.name for category in categories},
            groups={group.id: group.name for group in manual_groups},
            fields={each.id: each for each in fields if each.archived_at is None},
            tiers=tuple(tier.points for tier in programme.tiers) if programme is not None else (),
        )

    def missing_of(self, noun: Noun, ids: frozenset[UUID]) -> tuple[Missing, ...]:
        """Which of these ids name nothing."""
        there = {
            Noun.LANE: self.lanes,
            Noun.ITEM: self.items,
            Noun.CATEGORY: self.categories,
            Noun.GROUP: self.groups,
            Noun.FIELD: self.fields,
        }[noun]
        return tuple(Missing(noun, str(each)) for each in sorted(ids) if each not in there)


@dataclass(frozen=True, slots=True)
class Said:
    """A filter as a sentence: a source text with ``{fields}``, whose values a page words by their types."""

    text: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Named:
    """Ids in a sentence, to be shown by their names."""

    noun: Noun
    ids: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Money:
    """Minor units of the shop's currency in a sentence."""

    amount_minor: int


class Filter(Protocol):
    """One filter with its parameters: a frozen dataclass in a module of its own."""

    kind: ClassVar[str]
    title: ClassVar[str]
    """Source text of its name in a list of filters."""
    form: ClassVar[tuple[FormField, ...]]

    def said(self) -> Said: ...

    def missing(self, known: Known) -> tuple[Missing, ...]: ...

    def condition(self, known: Known) -> Condition: ...
