"""Filters of the directory as data, a module each: form, words, condition; all combinable (rows 4-7).

A condition is the one definition that is both checked on one customer here and compiled to SQL by the
database adapter. Must not know how either is shown or stored.
"""

from loyalty.domain.filters.base import Filter, Known, Missing
from loyalty.domain.filters.check import is_true_of
from loyalty.domain.filters.comparator import Comparator
from loyalty.domain.filters.facts import CustomerFacts, EmailReach, MessageSent
from loyalty.domain.filters.filter_set import FilterSet, filters_from_json, filters_to_json
from loyalty.domain.filters.period import ALWAYS, Moment, Period, PeriodKind
from loyalty.domain.filters.registry import FILTERS, TILL_FILTERS

__all__ = [
    "ALWAYS",
    "FILTERS",
    "TILL_FILTERS",
    "Comparator",
    "CustomerFacts",
    "EmailReach",
    "Filter",
    "FilterSet",
    "Known",
    "MessageSent",
    "Missing",
    "Moment",
    "Period",
    "PeriodKind",
    "filters_from_json",
    "filters_to_json",
    "is_true_of",
]
