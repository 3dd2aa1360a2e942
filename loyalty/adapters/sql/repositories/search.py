"""Finds customers while somebody types: 20 of a million in milliseconds (architecture §8).

Common texts are met soon among those who came last, so those are looked at first, in an index that holds all
that is compared. What is not met there is rare, and the index of trigrams gives all of it: of a long text it
is asked first, and mostly says that there is no more. Statements are made once for each shape of what is
typed: making one costs more than running it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Select,
    String,
    and_,
    bindparam,
    column,
    false,
    func,
    or_,
    select,
    table,
    text,
    true,
    union_all,
)

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.adapters.sql.filters.unindexed import Unindexed
from loyalty.adapters.sql.prepared import Prepared
from loyalty.adapters.sql.schema.search import SEARCH_TEXT
from loyalty.domain.search import SearchTerms

_SEARCH = schema.customer_search
_CUSTOMERS, _ACCOUNTS = schema.customers, schema.loyalty_accounts
_LOOKED_AT_FIRST = 4_000
_CANDIDATES, _GATHERED = 2_000, 200
"""So many may be looked at that an index names, and so many that match are ranked, the newest first."""
_RARE_CHARS, _RARE_DIGITS = 6, 5
"""Texts of so many characters few bear."""
_MET_FARTHER, _TIMES_FARTHER = 4, 5
"""Of a name of which a quarter of what is wanted was met, PostgreSQL meets the rest farther back sooner than
its index, which names all, names the last of thousands."""
_TRIGRAM = 3
_TRIGRAMS_ASKED = 4
_NO_SCANS = Prepared(select(func.set_config("enable_seqscan", "off", true()).label("setting")))
_TEXT = table(SEARCH_TEXT, column("rowid"))
_COMPARED = ("names", "reference", "digits", "email")
_NEVER = 0

_LISTED = and_(_CUSTOMERS.c.merged_into.is_(None), _CUSTOMERS.c.erased_at.is_(None))
_BY_REFERENCE = Prepared(
    select(_CUSTOMERS.c.id).where(_CUSTOMERS.c.reference_id == bindparam("reference"), _LISTED).limit(5)
)
_BY_NUMBER = Prepared(
    select(_CUSTOMERS.c.id).where(_CUSTOMERS.c.phone_number == bindparam("number"), _LISTED).limit(5)
)
_BY_ACCOUNT = Prepared(
    select(_ACCOUNTS.c.customer_id.label("id")).where(_ACCOUNTS.c.phone_number == bindparam("number"))
)
_Holds = Callable[[Any, str], ColumnElement[bool]]
"""Compares a column with the value of a name."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """What of a text there is to compare; ``words`` says of each whether it is as long as a trigram."""

    words: tuple[bool, ...]
    numbers: int
    has_email: bool
    is_sqlite: bool
    limit: int


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
        rows = [*self._transaction.all(_BY_REFERENCE, {"reference": terms.reference})]
        if terms.number is not None:
            rows += self._transaction.all(_BY_NUMBER, {"number": terms.number})
            rows += self._transaction.all(_BY_ACCOUNT, {"number": terms.number})
        return [row.id for row in rows]

    def _by_text(self, terms: SearchTerms, limit: int) -> list[UUID]:
        shape = _Shape(
            words=tuple(len(word) >= _TRIGRAM for word in terms.words),
            numbers=len(terms.parts_of_number),
            has_email=terms.part_of_email is not None,
            is_sqlite=self._transaction.is_sqlite,
            limit=limit,
        )
        values = _values(terms)
        if _is_rare(terms):
            by_index, are_all = self._by_index(shape, terms, values)
            if are_all:
                return by_index
            return list(dict.fromkeys((*self._met(shape, values), *by_index)))
        met = self._met(shape, values)
        if terms.words and not shape.is_sqlite and len(met) < limit <= len(met) * _MET_FARTHER:
            met = self._ids(_among_the_last(shape, _LOOKED_AT_FIRST * _TIMES_FARTHER), values)
        if len(met) == limit:
            return met
        return list(dict.fromkeys((*met, *self._by_index(shape, terms, values)[0])))

    def _met(self, shape: _Shape, values: dict[str, Any]) -> list[UUID]:
        """Of those who came last: they came later than anybody whom an index names besides."""
        farthest = self._transaction.first(_farthest()) if shape.is_sqlite else None
        if farthest is not None and farthest.recent > _NEVER:
            return self._ids(_since(shape), values | {"since": farthest.recent})
        return self._ids(_among_the_last(shape, _LOOKED_AT_FIRST), values)

    def _ids(self, found: Prepared, values: dict[str, Any]) -> list[UUID]:
        return [row.customer_id for row in self._transaction.all(found, values)]

    def _by_index(self, shape: _Shape, terms: SearchTerms, values: dict[str, Any]) -> tuple[list[UUID], bool]:
        """Whom the indexes name, by rank, and whether nobody was left out who matches as well."""
        ranked: set[tuple[int, int, UUID]] = set()
        are_all = True
        self._avoid_scans()
        for way, more in _ways(shape, terms):
            rows = self._transaction.all(way, values | more)
            ranked |= {(row.recent, row.number, row.customer_id) for row in rows}
            are_all = are_all and bool(rows) and bool(rows[0].are_all)
        return [customer_id for _, _, customer_id in sorted(ranked, reverse=True)], are_all

    def _avoid_scans(self) -> None:
        """PostgreSQL takes every text for a common one and would read the table until enough match.

        It holds until the transaction ends, which reads nothing but rows by their keys after this.
        """
        if not self._transaction.is_sqlite:
            self._transaction.all(_NO_SCANS)


def _is_rare(terms: SearchTerms) -> bool:
    """Whether so much was typed that few bear it, and an index holds every way in which it may match."""
    typed = terms.part_of_reference
    if terms.words:  # a name may be common however long it is
        is_name = "@" not in typed and not any(map(str.isdecimal, typed))
        return not is_name and sum(map(len, _long(terms.words))) >= _RARE_CHARS
    if not terms.parts_of_number:
        return len(typed) >= _RARE_CHARS
    chars = [len(part) - begins for part, begins in _numbers(terms)]
    return min(len(typed), *chars) >= _RARE_DIGITS


def _numbers(terms: SearchTerms) -> list[tuple[str, bool]]:
    """Parts of numbers, with whether one begins with a country's code: there are few, so many bear each."""
    begins = terms.reference[0] in "+0" and not terms.reference.startswith("00")
    return [(part, begins and place == 0) for place, part in enumerate(terms.parts_of_number)]


def _ways(shape: _Shape, terms: SearchTerms) -> list[tuple[Prepared, dict[str, Any]]]:
    """Statements that give all that match, as far as they are few, with what they need besides."""
    ways: list[tuple[Prepared, dict[str, Any]]] = []
    if trigrams := _match(terms):
        ways.append((_by_trigrams(shape), {"trigrams": trigrams} if shape.is_sqlite else {}))
    if terms.words and not any(shape.words):
        short = max(terms.words, key=len)
        ways.append(
            (_by_beginning(shape), {"short": short, "short_end": f"{short}\uffff"} if shape.is_sqlite else {})
        )
    return ways


@cache
def _among_the_last(shape: _Shape, looked_at: int) -> Prepared:
    """Reads no more than it needs: who never came only where fewer came, and nobody once enough are met."""
    compared = (_SEARCH.c.number, _SEARCH.c.recent, *(_SEARCH.c[name] for name in _COMPARED))
    came = select(*compared).where(_SEARCH.c.recent > _NEVER).order_by(_SEARCH.c.recent.desc())
    newest = select(*compared).where(Unindexed(_SEARCH.c.recent) == _NEVER).order_by(_SEARCH.c.number.desc())
    both = (select(each.limit(looked_at).subquery()) for each in (came, newest))
    first = select(union_all(*both).subquery()).limit(looked_at).subquery("first")
    inside = _over(first, shape, _inside(shape))
    met = select(first.c.number, first.c.recent).where(inside).limit(shape.limit).subquery("met")
    return Prepared(_with_ids(met))


@cache
def _farthest() -> Prepared:
    """How long ago the one came who stands behind all that are looked at first."""
    back = select(_SEARCH.c.recent).order_by(_SEARCH.c.recent.desc()).offset(_LOOKED_AT_FIRST)
    return Prepared(back.limit(1))


@cache
def _since(shape: _Shape) -> Prepared:
    """The same where so many came: SQLite compares them where they stand and need not hand over each."""
    held = and_(_SEARCH.c.recent >= bindparam("since"), _over(_SEARCH, shape, _inside(shape)))
    newest = (_SEARCH.c.recent.desc(), _SEARCH.c.number.desc())
    met = select(_SEARCH.c.number, _SEARCH.c.recent).where(held).order_by(*newest).limit(shape.limit)
    return Prepared(_with_ids(met.subquery("met")))


@cache
def _by_trigrams(shape: _Shape) -> Prepared:
    if not shape.is_sqlite:
        return Prepared(_best_of(_SEARCH, shape, holds=_found_by_index))
    matching = (
        select(_TEXT.c.rowid.label("number"))
        .where(text(f"{SEARCH_TEXT} MATCH :trigrams").bindparams(bindparam("trigrams", required=True)))
        .order_by(_TEXT.c.rowid.desc())
    )
    return Prepared(_best_of_named(matching, shape))


@cache
def _by_beginning(shape: _Shape) -> Prepared:
    """For texts that are shorter than a trigram: ranges of the prefix indexes."""
    if not shape.is_sqlite:
        return Prepared(_best_of(_SEARCH, shape, holds=_contains))
    between = [
        _SEARCH.c[name].between(bindparam("short"), bindparam("short_end")) for name in ("family", "given")
    ]
    return Prepared(_best_of_named(select(_SEARCH.c.number).where(or_(*between)), shape))


def _best_of_named(numbers: Select[Any], shape: _Shape) -> Select[Any]:
    """Of the entries of some numbers, looked up one by one until enough of them match."""
    candidates = numbers.limit(_CANDIDATES).cte("candidates")
    named = candidates.join(_SEARCH, _SEARCH.c.number == candidates.c.number)
    return _best_of(named, shape, holds=_inside(shape), are_few=_count_of(candidates) < _CANDIDATES)


def _count_of(rows: CTE) -> ColumnElement[int]:
    return select(func.count()).select_from(rows).scalar_subquery()


def _best_of(
    source: FromClause, shape: _Shape, *, holds: _Holds, are_few: ColumnElement[bool] | None = None
) -> Select[Any]:
    """Gathers first: walking along the visits instead, as a planner may like to, would not end."""
    gathered = (
        select(_SEARCH.c.number, _SEARCH.c.recent)
        .select_from(source)
        .where(_over(_SEARCH, shape, holds))
        .limit(_GATHERED)
    )
    found = gathered.cte("found").prefix_with("MATERIALIZED", dialect="postgresql")
    chosen = select(found.c.number, found.c.recent)
    best = chosen.order_by(found.c.recent.desc(), found.c.number.desc()).limit(shape.limit).subquery("best")
    are_all = _count_of(found) < _GATHERED
    return _with_ids(best, (are_all if are_few is None else and_(are_all, are_few)).label("are_all"))


def _with_ids(found: Any, *besides: ColumnElement[Any]) -> Select[Any]:
    return (
        select(found.c.number, found.c.recent, _SEARCH.c.customer_id, *besides)
        .select_from(found.join(_SEARCH, _SEARCH.c.number == found.c.number))
        .order_by(found.c.recent.desc(), found.c.number.desc())
    )


def _over(source: Any, shape: _Shape, holds: _Holds) -> ColumnElement[bool]:
    """What was typed, held against the columns of ``source``."""
    columns = source.c
    ways: list[ColumnElement[bool]] = [holds(columns.reference, "reference")]
    if shape.words:
        ways.append(
            and_(*(_word(columns.names, place, holds, is_long) for place, is_long in enumerate(shape.words)))
        )
    ways += [holds(columns.digits, f"number_{place}") for place in range(shape.numbers)]
    if shape.has_email:
        ways.append(holds(columns.email, "email"))
    return or_(false(), *ways)


def _word(names: Any, place: int, holds: _Holds, is_long: bool) -> ColumnElement[bool]:
    """Anywhere in a name; one or two letters only where a name begins."""
    if is_long:
        return holds(names, f"word_{place}")
    return or_(_contains(names, f"begins_{place}"), _contains(names, f"word_{place}"))


def _inside(shape: _Shape) -> _Holds:
    """Compares bytes, for a fraction of what a pattern costs: both sides are folded."""
    position = func.instr if shape.is_sqlite else func.strpos

    def holds(text_column: Any, name: str) -> ColumnElement[bool]:
        clause: ColumnElement[bool] = position(text_column, bindparam(f"{name}_bare", type_=String())) > 0
        return clause

    return holds


def _contains(text_column: Any, name: str) -> ColumnElement[bool]:
    clause: ColumnElement[bool] = text_column.like(bindparam(name), escape="/")
    return clause


def _found_by_index(text_column: Any, name: str) -> ColumnElement[bool]:
    """The index looks for a few trigrams, not for all of a long text; what it finds is compared whole."""
    whole = text_column.concat("").like(bindparam(name), escape="/")  # an expression that no index has
    return and_(_contains(text_column, f"{name}_in_part"), whole)


def _values(terms: SearchTerms) -> dict[str, Any]:
    values: dict[str, Any] = {"reference": f"%{_escaped(terms.part_of_reference)}%"}
    values["reference_bare"] = terms.part_of_reference
    start = _in_part(terms.part_of_reference, begins=terms.part_of_reference.startswith("00"))
    values["reference_in_part"] = f"%{_escaped(start)}%"
    for place, word in enumerate(terms.words):
        if len(word) >= _TRIGRAM:
            values[f"word_{place}"] = f"%{_escaped(word)}%"
            values[f"word_{place}_bare"] = word
            values[f"word_{place}_in_part"] = f"%{_escaped(_in_part(word))}%"
        else:
            values[f"word_{place}"] = f"% {_escaped(word)}%"
            values[f"begins_{place}"] = f"{_escaped(word)}%"
    for place, (part, begins) in enumerate(_numbers(terms)):
        values[f"number_{place}"] = f"%{part}%"
        values[f"number_{place}_bare"] = part
        values[f"number_{place}_in_part"] = f"%{_in_part(part, begins=begins)}%"
    if terms.part_of_email is not None:
        values["email_bare"] = terms.part_of_email
        values["email"] = f"%{_escaped(terms.part_of_email)}%"
        values["email_in_part"] = f"%{_escaped(_in_part(terms.part_of_email))}%"
    return values


def _escaped(part: str) -> str:
    return part.replace("/", "//").replace("%", "/%").replace("_", "/_")


def _in_part(typed: str, *, begins: bool = False) -> str:
    """What leaves few: the end of a number, the middle of a name, of an address what stands before the @.

    Args:
        typed: Three characters or more.
        begins: Many begin with its first trigram: the index would read through half of all customers.
    """
    if begins and len(typed) > _TRIGRAM + 1:
        typed = typed[1:]
    letters = typed.partition("@")[0]
    letters = letters if len(letters) >= _TRIGRAM else typed
    chars = _TRIGRAMS_ASKED + _TRIGRAM - 1
    if letters[0] in "+0123456789":
        return letters[-chars:]
    start = max(0, len(letters) - chars) // 2
    return letters[start : start + chars]


def _long(words: Iterable[str]) -> list[str]:
    return [word for word in words if len(word) >= _TRIGRAM]


def _match(terms: SearchTerms) -> str | None:
    """The full-text query for the ways that are long enough; None where none is."""
    reference = terms.part_of_reference
    asked: dict[str | None, bool] = {**dict(_numbers(terms)), terms.part_of_email: False}
    is_held = any(len(part) >= _TRIGRAM and reference.endswith(part) for part in terms.parts_of_number)
    if not is_held:  # else the index names for the number whom it names for the reference
        asked.setdefault(reference, reference.startswith("00"))
    parts = [_trigrams(way, begins=common) for way, common in asked.items() if way and len(way) >= _TRIGRAM]
    if long_words := _long(terms.words):
        parts.append(" AND ".join(_trigrams(word) for word in long_words))
    return " OR ".join(f"({part})" for part in dict.fromkeys(parts)) or None


def _trigrams(word: str, *, begins: bool = False) -> str:
    """Enough of its trigrams to leave few; the comparison looks at the rest.

    Numbers begin with few country codes, references with zeros: where there are others, their first trigram
    is not asked, for half of all customers bear it.

    Args:
        word: Any text of three characters or more.
        begins: Many begin with its first trigram.
    """
    last = len(word) - _TRIGRAM
    is_common = begins or last > _TRIGRAM
    first = 1 if word[0].isdecimal() and is_common and last > 1 else 0
    starts = range(last, first - 1, -1 if last - first < _TRIGRAMS_ASKED else -2)
    grams = dict.fromkeys(word[start : start + _TRIGRAM] for start in starts[:_TRIGRAMS_ASKED])
    return " AND ".join('"' + gram.replace('"', '""') + '"' for gram in grams)
