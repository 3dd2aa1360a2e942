"""Reads filters that staff typed in, and fills the form with a filter again."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from babel.numbers import get_currency_precision

from checkout.programme.typed import FieldReader, Problem, uuid_of
from loyalty.domain.custom_field import FieldKind
from loyalty.domain.customer import CustomerSource
from loyalty.domain.filters import FILTERS, Comparator, Filter, Known, Period, PeriodKind
from loyalty.domain.filters.base import Entry, FormField
from loyalty.domain.filters.birthday_soon import MAX_DAYS as MAX_BIRTHDAY_DAYS
from loyalty.domain.filters.message_received import DAYS_AFTER, Since
from loyalty.domain.filters.message_received import MAX_DAYS as MAX_DAYS_AFTER
from loyalty.domain.filters.points_balance import MAX_POINTS
from loyalty.domain.filters.selection_field import SelectionField
from loyalty.domain.filters.spend import MAX_AMOUNT_MINOR
from loyalty.domain.filters.toggle_field import ToggleField
from loyalty.domain.filters.visits import MAX_VISITS
from loyalty.domain.message import CAMPAIGNS
from loyalty.domain.sale import TenderKind
from loyalty.domain.text import clean_line
from loyalty.errors import InvalidValueError

ALWAYS, LAST, DATES = "always", "last", "dates"
_Values = dict[str, tuple[str, ...]]
_OWN_KINDS = {ToggleField.kind: FieldKind.TOGGLE, SelectionField.kind: FieldKind.SELECTION}
_UNITS = (PeriodKind.DAYS.value, PeriodKind.WEEKS.value, PeriodKind.MONTHS.value)
_MAX_OF_UNIT = {"days": 3_650, "weeks": 520, "months": 120}


@dataclass(frozen=True)
class Offered:
    """A filter that can be added: its kind, and of the shop's own fields which one."""

    key: str
    cls: type[Filter]
    title: str
    field_id: UUID | None = None


def offered_filters(known: Known) -> list[Offered]:
    """Every filter; each toggle and selection among the shop's fields by itself (row 48)."""
    offered = [Offered(kind, cls, cls.title) for kind, cls in FILTERS.items() if kind not in _OWN_KINDS]
    for kind, field_kind in _OWN_KINDS.items():
        offered += [
            Offered(f"{kind}:{each.id}", FILTERS[kind], each.name, each.id)
            for each in known.fields.values()
            if each.kind is field_kind
        ]
    return offered


class FilterReader:
    """Reads the fields of one filter; their names begin with ``prefix``."""

    def __init__(self, reader: FieldReader, known: Known, prefix: str = "") -> None:
        self._reader = reader
        self._known = known
        self._prefix = prefix

    def read(self, cls: type[Filter], field_id: UUID | None = None) -> Filter | None:
        """The filter; None where something could not be read, which the reader's problems then tell."""
        before = len(self._reader.problems)
        values: dict[str, Any] = {}
        for field in cls.form:
            values[field.name] = self._value(field, field_id)
        if len(self._reader.problems) > before:
            return None
        try:
            return cls(**values)
        except InvalidValueError:
            self._reader.refuse(self._name(cls.form[-1].name), Problem("filter_incomplete"))
            return None

    def _name(self, name: str) -> str:
        return f"{self._prefix}{name}"

    def _value(self, field: FormField, field_id: UUID | None) -> Any:
        name = self._name(field.name)
        if field.entry is Entry.FIELD:
            return field_id
        if field.entry is Entry.CHOICES:
            return self._choices(name, field_id)
        return self._readers()[field.entry](name)

    def _readers(self) -> Mapping[Entry, Callable[[str], Any]]:
        reader, known = self._reader, self._known
        return {
            Entry.COMPARATOR: lambda name: Comparator(reader.choice(name, list(Comparator), "at_least")),
            Entry.COUNT: lambda name: reader.whole(name, 0, MAX_VISITS),
            Entry.POINTS: lambda name: reader.whole(name, -MAX_POINTS, MAX_POINTS),
            Entry.PERCENT: lambda name: reader.whole(name, 1, 99),
            Entry.DAYS: lambda name: reader.whole(name, 0, MAX_BIRTHDAY_DAYS),
            Entry.MONTH: lambda name: reader.whole(name, 1, 12),
            Entry.MONEY: lambda name: reader.money(name, 0, MAX_AMOUNT_MINOR),
            Entry.PERIOD: self._period,
            Entry.YES_NO: lambda name: reader.choice(name, ("yes", "no"), "yes") == "yes",
            Entry.ITEMS: lambda name: self._ids(name, known.items),
            Entry.CATEGORIES: lambda name: self._ids(name, known.categories),
            Entry.LANES: lambda name: self._ids(name, known.lanes),
            Entry.GROUPS: lambda name: self._ids(name, known.groups),
            Entry.TENDERS: lambda name: self._some(name, TenderKind),
            Entry.SOURCES: lambda name: self._some(name, CustomerSource),
            Entry.MESSAGES: lambda name: self._some(name, CAMPAIGNS),
            Entry.SINCE: lambda name: Since(reader.choice(name, list(Since), Since.WHATEVER)),
            Entry.DAYS_AFTER: self._days_after,
            Entry.TEXT: lambda name: clean_line(reader.text(name), 40),
        }

    def _days_after(self, name: str) -> int:
        """Left empty where nothing is asked about what came after."""
        if not self._reader.text(name).strip():
            return DAYS_AFTER
        return self._reader.whole(name, 1, MAX_DAYS_AFTER)

    def _ids(self, name: str, known: Mapping[UUID, str]) -> frozenset[UUID]:
        ids = frozenset(self._reader.ids(name, known.keys()))
        if not ids:
            self._reader.refuse(name, Problem("choose_items"))
        return ids

    def _some(self, name: str, kinds: Iterable[StrEnum]) -> frozenset[Any]:
        chosen = frozenset(each for each in kinds if self._reader.typed.has(name, each.value))
        if not chosen:
            self._reader.refuse(name, Problem("choose_items"))
        return chosen

    def _choices(self, name: str, field_id: UUID | None) -> frozenset[str]:
        field = self._known.fields.get(field_id) if field_id is not None else None
        choices = field.choices if field is not None else ()
        chosen = frozenset(each for each in choices if self._reader.typed.has(name, each))
        if not chosen:
            self._reader.refuse(name, Problem("choose_items"))
        return chosen

    def _period(self, name: str) -> Period | None:
        reader = self._reader
        kind = reader.choice(name, (ALWAYS, LAST, DATES), ALWAYS)
        if kind == LAST:
            unit = reader.choice(f"{name}_unit", _UNITS, "weeks")
            return Period(PeriodKind(unit), reader.whole(f"{name}_count", 1, _MAX_OF_UNIT[unit]))
        if kind == ALWAYS:
            return Period()
        days = [reader.day(each) if reader.text(each).strip() else None for each in self._day_names(name)]
        try:
            return Period(PeriodKind.DATES, 0, days[0], days[1])
        except InvalidValueError:
            problem = "ends_before_start" if all(days) else "day_unreadable"
            reader.refuse(f"{name}_first", Problem(problem))
            return None

    def _day_names(self, name: str) -> tuple[str, str]:
        return f"{name}_first", f"{name}_last"


def typed_of(
    filter_: Filter, currency: str, decimal_mark: str, prefix: str = ""
) -> dict[str, tuple[str, ...]]:
    """The form of a filter as it would be typed."""
    typed: dict[str, tuple[str, ...]] = {}
    for field in filter_.form:
        typed |= _typed_value(
            f"{prefix}{field.name}", getattr(filter_, field.name), currency, decimal_mark, field
        )
    return typed


def _typed_value(name: str, value: Any, currency: str, decimal_mark: str, field: FormField) -> _Values:
    if isinstance(value, Period):
        return _typed_period(name, value)
    if isinstance(value, bool):
        return {name: ("yes" if value else "no",)}
    if field.entry is Entry.MONEY:
        places = get_currency_precision(currency)
        whole, part = divmod(value, 10**places)
        return {name: (f"{whole}{decimal_mark}{part:0{places}d}" if places else str(value),)}
    if isinstance(value, frozenset):
        return {name: tuple(sorted(str(each) for each in value))}
    return {name: ("" if value is None else str(value),)}


def _typed_period(name: str, period: Period) -> _Values:
    if period.kind is PeriodKind.ALWAYS:
        return {name: (ALWAYS,)}
    typed: _Values = {name: (DATES,)}
    if period.kind is PeriodKind.DATES:
        for key, day in (("first", period.first_day), ("last", period.last_day)):
            typed[f"{name}_{key}"] = (day.isoformat() if day is not None else "",)
        return typed
    return {name: (LAST,), f"{name}_unit": (period.kind.value,), f"{name}_count": (str(period.count),)}


def offered_of(key: str, known: Known) -> Offered | None:
    """The filter of a key, where it is offered."""
    kind, _, text = key.partition(":")
    field_id = uuid_of(text) if text else None
    return next(
        (each for each in offered_filters(known) if each.cls.kind == kind and each.field_id == field_id), None
    )
