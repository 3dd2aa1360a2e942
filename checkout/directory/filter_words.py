"""Filters and groups as sentences."""

from collections.abc import Iterable, Mapping
from typing import Any

from checkout.directory.filter_form import Offered
from checkout.profiles.worded import SOURCE_TEXTS
from checkout.words import Words
from checkout.words.figures import percent
from checkout.words.message_kinds import KIND_TEXTS
from checkout.words.tenders import TENDER_TEXTS
from loyalty.domain.custom_field import CustomField
from loyalty.domain.customer import CustomerSource
from loyalty.domain.filters import Comparator, Filter, FilterSet, Known, Missing, Period, PeriodKind
from loyalty.domain.filters.base import Entry, Money, Named, Noun
from loyalty.domain.filters.birthday_month import Month
from loyalty.domain.filters.message_received import Since
from loyalty.domain.filters.selection_field import SelectionField
from loyalty.domain.filters.toggle_field import ToggleField
from loyalty.domain.group import GroupDiscount, ScopeKind
from loyalty.domain.message import CAMPAIGNS, MessageKind
from loyalty.domain.presets import BusinessType, Preset
from loyalty.domain.sale import TenderKind

COMPARATOR_TEXTS: Mapping[Comparator, str] = {
    Comparator.AT_LEAST: "at least",
    Comparator.MORE_THAN: "more than",
    Comparator.EXACTLY: "exactly",
    Comparator.AT_MOST: "at most",
    Comparator.LESS_THAN: "less than",
}
SINCE_TEXTS: Mapping[Since, str] = {
    Since.WHATEVER: "whatever they did",
    Since.CAME: "they came",
    Since.STAYED_AWAY: "they have not come",
}
MISSING_TEXTS: Mapping[Noun, str] = {
    Noun.LANE: "A place that a filter names is gone.",
    Noun.ITEM: "An item that a filter names is gone.",
    Noun.CATEGORY: "A category that a filter names is gone.",
    Noun.GROUP: "A group that a filter names is gone.",
    Noun.FIELD: "A field that a filter asks about is gone.",
    Noun.CHOICE: "A choice that a filter asks about is gone.",
    Noun.TIER: "The programme has no reward that anybody could be close to.",
}
PRESET_TEXTS: Mapping[Preset, str] = {
    Preset.REGULARS: "Regulars",
    Preset.LAPSED: "Lapsed",
    Preset.ALL_CUSTOMERS: "All customers",
    Preset.LOYALTY: "Loyalty participants",
    Preset.REWARD_IN_SIGHT: "Reward in sight",
    Preset.EMAIL_SUBSCRIBERS: "E-mail subscribers",
    Preset.SMS_SUBSCRIBERS: "SMS subscribers",
}
BUSINESS_TEXTS: Mapping[BusinessType, str] = {
    BusinessType.CHARITY_EDUCATION: "Charity and education",
    BusinessType.CONTRACTORS_LEISURE: "Contractors, repair and leisure",
    BusinessType.FOOD: "Food and drink",
    BusinessType.HEALTH_BEAUTY: "Health and beauty",
    BusinessType.HEALTH_SERVICES: "Health services",
    BusinessType.INDIVIDUALS: "Individuals",
    BusinessType.RETAIL: "Retail",
    BusinessType.SERVICES: "Services",
    BusinessType.TRANSPORT: "Transport",
}


_TEXTS_OF: Mapping[type, Mapping[Any, str]] = {
    TenderKind: TENDER_TEXTS,
    CustomerSource: SOURCE_TEXTS,
    MessageKind: KIND_TEXTS,
}


class FilterWording:
    """Words filters in one language of one shop.

    Args:
        words: The language.
        currency: Of amounts.
        known: Names of what filters refer to.
    """

    def __init__(self, words: Words, currency: str, known: Known) -> None:
        self._words = words
        self._currency = currency
        self.known = known

    def title(self, filter_: Filter) -> str:
        """What the filter is about; of a field of the shop's own the field's name."""
        if isinstance(filter_, ToggleField | SelectionField):
            found = self.known.fields.get(filter_.field_id)
            return found.name if found is not None else self._words.text("A field that is gone")
        return self._words.text(filter_.title)

    def words_title(self, offered: Offered) -> str:
        """The same of a filter that is offered."""
        return offered.title if offered.field_id is not None else self._words.text(offered.cls.title)

    def sentence(self, filter_: Filter) -> str:
        said = filter_.said()
        return self._words.text(
            said.text, **{name: self._value(value) for name, value in said.params.items()}
        )

    def sentences(self, filters: FilterSet) -> list[str]:
        return [self.sentence(each) for each in filters.filters]

    def missing(self, missing: Iterable[Missing]) -> list[str]:
        """What to tell of filters that name something gone, each once."""
        return list(dict.fromkeys(self._words.text(MISSING_TEXTS[each.noun]) for each in missing))

    def comparator(self, comparator: Comparator) -> str:
        return self._words.text(COMPARATOR_TEXTS[comparator])

    @property
    def comparators(self) -> list[tuple[str, str]]:
        """Values and texts for a form."""
        return [(each.value, self.comparator(each)) for each in Comparator]

    @property
    def since(self) -> list[tuple[str, str]]:
        """Values and texts for a form."""
        return [(each.value, self._words.text(text)) for each, text in SINCE_TEXTS.items()]

    @property
    def months(self) -> list[tuple[int, str]]:
        return list(enumerate(self._words.month_names(), start=1))

    @property
    def currency_sign(self) -> str:
        return self._words.currency_symbol(self._currency)

    def options(self, entry: str, own_field: CustomField | None) -> list[tuple[object, str]]:
        """What can be ticked in an entry of a form, by name."""
        known, words = self.known, self._words
        lanes = {each: words.text("Lane {number}", number=name) for each, name in known.lanes.items()}
        of_entry: Mapping[str, Mapping[Any, str]] = {
            Entry.ITEMS: known.items,
            Entry.CATEGORIES: known.categories,
            Entry.LANES: lanes,
            Entry.GROUPS: known.groups,
            Entry.TENDERS: {each.value: self._words.text(text) for each, text in TENDER_TEXTS.items()},
            Entry.SOURCES: {each.value: self._words.text(text) for each, text in SOURCE_TEXTS.items()},
            Entry.MESSAGES: {each.value: self._words.text(KIND_TEXTS[each]) for each in CAMPAIGNS},
            Entry.CHOICES: {each: each for each in (own_field.choices if own_field is not None else ())},
        }
        return list(of_entry.get(entry, {}).items())

    def period(self, period: Period) -> str:
        words, count = self._words, period.count
        match period.kind:
            case PeriodKind.ALWAYS:
                return words.text("at any time")
            case PeriodKind.DAYS:
                return words.plural("in the last {count} day", "in the last {count} days", count)
            case PeriodKind.WEEKS:
                return words.plural("in the last {count} week", "in the last {count} weeks", count)
            case PeriodKind.MONTHS:
                return words.plural("in the last {count} month", "in the last {count} months", count)
            case PeriodKind.DATES:
                return self._dates(period)

    def discount(self, discount: GroupDiscount) -> str:
        """What a group gets: ``20 % on everything``."""
        rate = percent(self._words, discount.rate_ppm)
        match discount.scope.kind:
            case ScopeKind.WHOLE_SALE:
                return self._words.text("{rate} on the whole sale", rate=rate)
            case ScopeKind.CATEGORY:
                names = self._names(self.known.categories, discount.scope.ids)
            case ScopeKind.ITEM:
                names = self._names(self.known.items, discount.scope.ids)
        return self._words.text("{rate} on {names}", rate=rate, names=names)

    def _dates(self, period: Period) -> str:
        words, first, last = self._words, period.first_day, period.last_day
        if first is not None and last is not None:
            return words.text("from {first} to {last}", first=words.day(first), last=words.day(last))
        if first is not None:
            return words.text("since {day}", day=words.day(first))
        return words.text("until {day}", day=words.day(last)) if last is not None else ""

    def _value(self, value: object) -> str:
        match value:
            case Comparator():
                return self.comparator(value)
            case Period():
                return self.period(value)
            case Named():
                return self._named(value)
            case Money():
                return self._words.money(value.amount_minor, self._currency)
            case Month():
                return self._words.month_names()[value.number - 1]
            case frozenset():
                return self._enumerated(value)
            case int():
                return self._words.number(value)
            case _:
                return str(value)

    def _enumerated(self, values: frozenset[object]) -> str:
        texts = (_TEXTS_OF.get(type(each), {}).get(each, "") for each in values)
        return ", ".join(sorted(self._words.text(text) for text in texts if text))

    def _named(self, named: Named) -> str:
        match named.noun:
            case Noun.LANE:
                numbers = self._names(self.known.lanes, named.ids)
                return self._words.plural("lane {names}", "lanes {names}", len(named.ids), names=numbers)
            case Noun.ITEM:
                return self._names(self.known.items, named.ids)
            case Noun.CATEGORY:
                return self._names(self.known.categories, named.ids)
            case Noun.GROUP:
                return self._names(self.known.groups, named.ids)
            case _:
                fields = {each: field.name for each, field in self.known.fields.items()}
                return self._names(fields, named.ids)

    def _names(self, names: Mapping[Any, str], ids: Iterable[object]) -> str:
        gone = self._words.text("something that is gone")
        found = sorted(names.get(each, gone) for each in ids)
        return ", ".join(dict.fromkeys(found))
