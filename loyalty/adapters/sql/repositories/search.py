"""Finds customers while somebody types: 20 of a million in milliseconds (architecture §8).

Common texts are met soon among those who came last, so those are looked at first, in an index that holds all
that is compared. What is not met there is rare, and the index of trigrams gives all of it.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, column, false, or_, select, table, text, true

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.adapters.sql.schema.search import SEARCH_TEXT
from loyalty.domain.search import SearchTerms

_SEARCH = schema.customer_search
_CUSTOMERS, _ACCOUNTS = schema.customers, schema.loyalty_accounts
_LOOKED_AT_FIRST = 6_000
_GATHERED = 3_000
_TRIGRAM = 3
_TEXT = table(SEARCH_TEXT, column("rowid"))


class CustomerSearch:
    """One transaction's search."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def find(self, terms: SearchTerms, limit: int) -> list[UUID]:
        """Ids by rank: an exact reference or number, then who came last, then the newest profile."""
        ids = dict.fromkeys(self._exact(terms))
        if len(ids) < limit:
            ids |= dict.fromkeys(self._by_text(terms, limit))
        return list(ids)[:limit]

    def _exact(self, terms: SearchTerms) -> list[UUID]:
        listed = and_(_CUSTOMERS.c.merged_into.is_(None), _CUSTOMERS.c.erased_at.is_(None))
        wanted = [_CUSTOMERS.c.reference_id == terms.reference]
        if terms.number is not None:
            wanted.append(_CUSTOMERS.c.phone_number == terms.number)
        ids = [
            row.id
            for each in wanted
            for row in self._transaction.all(select(_CUSTOMERS.c.id).where(each, listed).limit(5))
        ]
        if terms.number is not None:
            account = select(_ACCOUNTS.c.customer_id).where(_ACCOUNTS.c.phone_number == terms.number)
            ids += [row.customer_id for row in self._transaction.all(account)]
        return ids

    def _by_text(self, terms: SearchTerms, limit: int) -> list[UUID]:
        first = (
            select(_SEARCH.c.number, *(_SEARCH.c[name] for name in _COMPARED))
            .order_by(_SEARCH.c.recent.desc(), _SEARCH.c.number.desc())
            .limit(_LOOKED_AT_FIRST)
            .subquery("first")
        )
        met = select(first.c.number).where(_over(first, terms)).limit(limit)
        numbers = dict.fromkeys(row.number for row in self._transaction.all(met))
        if len(numbers) < limit:  # who was met came later than anybody else
            numbers |= dict.fromkeys(self._rare(terms, limit))
        wanted = list(numbers)[:limit]
        if not wanted:
            return []
        rows = self._transaction.all(
            select(_SEARCH.c.number, _SEARCH.c.customer_id).where(_SEARCH.c.number.in_(wanted))
        )
        by_number = {row.number: row.customer_id for row in rows}
        return [by_number[number] for number in wanted if number in by_number]

    def _rare(self, terms: SearchTerms, limit: int) -> list[int]:
        """All that match, as far as they are few."""
        ways = []
        if trigrams := _match(terms):
            ways.append(self._by_trigrams(trigrams))
        if terms.words and not _long(terms.words):
            ways.append(_starts(terms.words[0]) if self._transaction.is_sqlite else true())
        ranked: set[tuple[int, int]] = set()
        for way in ways:
            gathered = select(_SEARCH.c.number, _SEARCH.c.recent).where(way, _over(_SEARCH, terms))
            rows = self._transaction.all(self._best_of(gathered.limit(_GATHERED), limit))
            ranked |= {(row.recent, row.number) for row in rows}
        return [number for _, number in sorted(ranked, reverse=True)]

    def _best_of(self, gathered: Select[Any], limit: int) -> Select[Any]:
        """Gathers first: walking along the visits instead, as a planner may like to, would not end."""
        found = gathered.cte("found").prefix_with("MATERIALIZED", dialect="postgresql")
        chosen = select(found.c.number, found.c.recent)
        return chosen.order_by(found.c.recent.desc(), found.c.number.desc()).limit(limit)

    def _by_trigrams(self, trigrams: str) -> ColumnElement[bool]:
        if not self._transaction.is_sqlite:
            return true()  # the index of trigrams answers the comparison itself
        matching = (
            select(_TEXT.c.rowid)
            .where(text(f"{SEARCH_TEXT} MATCH :trigrams").bindparams(trigrams=trigrams))
            .order_by(_TEXT.c.rowid.desc())
            .limit(_GATHERED)
        )
        return _SEARCH.c.number.in_(matching)


_COMPARED = ("names", "reference", "digits", "email")


def _over(source: Any, terms: SearchTerms) -> ColumnElement[bool]:
    """What was typed, held against the columns of ``source``."""
    columns = source.c
    ways: list[ColumnElement[bool]] = [columns.reference.contains(terms.part_of_reference, autoescape=True)]
    if terms.words:
        ways.append(and_(*(_word(columns.names, word) for word in terms.words)))
    if terms.part_of_number is not None:
        ways.append(columns.digits.contains(terms.part_of_number, autoescape=True))
    if terms.part_of_email is not None:
        ways.append(columns.email.contains(terms.part_of_email, autoescape=True))
    return or_(false(), *ways)


def _word(names: Any, word: str) -> ColumnElement[bool]:
    """Anywhere in a name; one or two letters only where a name begins."""
    if len(word) >= _TRIGRAM:
        anywhere: ColumnElement[bool] = names.contains(word, autoescape=True)
        return anywhere
    return or_(names.startswith(word, autoescape=True), names.contains(f" {word}", autoescape=True))


def _long(words: Iterable[str]) -> list[str]:
    return [word for word in words if len(word) >= _TRIGRAM]


def _starts(word: str) -> ColumnElement[bool]:
    """Ranges of the prefix indexes, for texts that are shorter than a trigram."""
    end = f"{word}\uffff"
    return or_(_SEARCH.c.family.between(word, end), _SEARCH.c.given.between(word, end))


def _match(terms: SearchTerms) -> str | None:
    """The full-text query for the ways that are long enough; None where none is."""
    ways = (terms.part_of_number, terms.part_of_email, terms.part_of_reference)
    parts = [_trigrams(way) for way in ways if way and len(way) >= _TRIGRAM]
    if long_words := _long(terms.words):
        parts.append(" AND ".join(_trigrams(word) for word in long_words))
    return " OR ".join(f"({part})" for part in dict.fromkeys(parts)) or None


def _trigrams(word: str) -> str:
    grams = dict.fromkeys(word[start : start + _TRIGRAM] for start in range(len(word) - _TRIGRAM + 1))
    return " AND ".join('"' + gram.replace('"', '""') + '"' for gram in grams)
