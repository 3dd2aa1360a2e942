"""Which pairs are worth a look: those that agree on at least two cheap keys, or on one strong key.

Keys that are too common together are joined by a third, so that the number of pairs grows with the
number of rows and not with its square.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from itertools import combinations

import numpy as np

from loyalty.domain.duplicates.columns import Column, Longs
from loyalty.domain.duplicates.fields import Field
from loyalty.domain.duplicates.phonetics import letters, sound

_AT_ONCE = 4_000_000
_MIX = np.uint64(0x9E3779B97F4A7C15)


def cheap_keys(columns: Mapping[Field, Column]) -> dict[str, Longs]:
    """Each row's keys by name, -1 where the row has none."""
    keys: dict[str, Longs] = {}
    for field, column in columns.items():
        for name, derived in _keys_of(field, column):
            keys[name] = derived.codes.astype(np.int64)
    return keys


def _keys_of(field: Field, column: Column) -> Iterator[tuple[str, Column]]:
    match field:
        case Field.GIVEN_NAME | Field.FAMILY_NAME:
            yield field.value, column.derived(sound)
            yield f"{field.value} letters", column.derived(letters)
        case Field.SUBURB | Field.STREET | Field.SECOND_STREET | Field.COMPANY_NAME:
            yield field.value, column.derived(sound)
        case Field.BIRTHDAY:
            yield "birth year month", column.derived(lambda text: text[:6])
            yield "birth month day", column.derived(lambda text: text[4:])
            yield "birth year day", column.derived(lambda text: text[:4] + min(text[4:6], text[6:]))
            yield "birth year", column.derived(lambda text: text[:4])
        case Field.PHONE | Field.SECOND_PHONE | Field.REFERENCE:
            yield f"{field.value} start", column.derived(lambda text: text[: len(text) // 2])
            yield f"{field.value} end", column.derived(lambda text: text[len(text) // 2 :])
        case Field.EMAIL:
            yield "email box", column.derived(lambda text: text.partition("@")[0])
            yield "email start", column.derived(lambda text: text[:5])
        case Field.POSTCODE | Field.STREET_NUMBER:
            yield field.value, column
        case _:
            return


_SINGLE = (Field.REFERENCE, Field.PHONE, Field.SECOND_PHONE, Field.EMAIL, Field.BIRTHDAY)
_FEWEST, _A_ROW = 300_000, 12
"""Pairs that all rules of one width together may bring: a fixed number, and so many a row."""
_LARGEST_SHARE = 8
"""A rule that alone would take more than this part of them is joined by a further key."""


def candidate_pairs(columns: Mapping[Field, Column], size: int) -> tuple[Longs, Longs]:
    """Rows (left < right) worth comparing; no pair twice."""
    found = np.empty(0, np.int64)
    fresh: list[Longs] = []
    for pairs in _pairs_by_rule(columns, _FEWEST + _A_ROW * size):
        low, high = np.minimum(*pairs), np.maximum(*pairs)
        fresh.append(low * size + high)
        if sum(map(len, fresh)) > _AT_ONCE:
            found, fresh = np.unique(np.concatenate([found, *fresh])), []
    found = np.unique(np.concatenate([found, *fresh]))
    return found // size, found % size


def _pairs_by_rule(columns: Mapping[Field, Column], at_most: int) -> Iterator[tuple[Longs, Longs]]:
    """Two keys where that brings few enough pairs, else three; then the smaller blocks of what is left."""
    keys = cheap_keys(columns)
    for field in _SINGLE:
        if field in columns:
            yield pairs_in(columns[field].codes.astype(np.int64), at_most // _LARGEST_SHARE)
    if Field.GIVEN_NAME in columns and Field.FAMILY_NAME in columns:
        either_order = _either_order(columns[Field.GIVEN_NAME], columns[Field.FAMILY_NAME])
        yield pairs_in(either_order, at_most // _LARGEST_SHARE)
    taken: set[frozenset[str]] = set()
    rules: dict[frozenset[str], int] = {}
    for width in (2, 3):
        rules = {
            frozenset(names): count_pairs(_joined_all(keys, names))
            for names in combinations(keys, width)
            if _tells_more(names) and not any(each < frozenset(names) for each in taken)
        }
        left = at_most
        for rule in sorted(rules, key=lambda each: (rules[each], sorted(each))):
            if rules[rule] > min(left, at_most // _LARGEST_SHARE):
                break
            left -= rules[rule]
            taken.add(rule)
            yield pairs_in(_joined_all(keys, sorted(rule)), at_most)
    rest = sorted(sorted(rule) for rule in rules if rule not in taken)
    for names in rest:
        yield pairs_in(_joined_all(keys, names), at_most // len(rest))


def _tells_more(names: tuple[str, ...]) -> bool:
    """Whether no two of the keys come from the same text; of a birthday, two parts of three do."""
    sources = [name.partition(" ")[0] for name in names]
    return len(set(sources)) == len(sources)


def _joined_all(keys: Mapping[str, Longs], names: Iterable[str]) -> Longs:
    return reduce(_joined, [keys[name] for name in names])


def _either_order(given: Column, family: Column) -> Longs:
    one, other = given.derived(sound), family.derived(sound)
    numbers: dict[str, int] = {}
    lookups = [
        np.array([numbers.setdefault(text, len(numbers)) for text in column.texts] + [-1], np.int64)
        for column in (one, other)
    ]
    first, second = lookups[0][one.codes], lookups[1][other.codes]
    return _joined(np.minimum(first, second), np.maximum(first, second))


def _joined(one: Longs, other: Longs) -> Longs:
    mixed = (one.astype(np.uint64) * _MIX + other.astype(np.uint64)) * _MIX
    joined = (mixed >> np.uint64(1)).astype(np.int64)
    return np.where((one < 0) | (other < 0), np.int64(-1), joined)


def count_pairs(key: Longs) -> int:
    """How many pairs of rows have the same key."""
    known = np.sort(key[key >= 0])
    if not len(known):
        return 0
    starts = np.flatnonzero(np.r_[True, known[1:] != known[:-1]])
    sizes = np.diff(np.r_[starts, len(known)])
    return int((sizes * (sizes - 1) // 2).sum())


def pairs_in(key: Longs, at_most: int) -> tuple[Longs, Longs]:
    """All pairs of rows with the same key; the largest blocks are left out where there are too many."""
    rows = np.flatnonzero(key >= 0)
    order = rows[np.argsort(key[rows], kind="stable")]
    sorted_key = key[order]
    if not len(order):
        return order, order
    starts = np.flatnonzero(np.r_[True, sorted_key[1:] != sorted_key[:-1]])
    sizes = np.diff(np.r_[starts, len(order)])
    ranked = np.sort(sizes)
    running = np.cumsum(ranked * (ranked - 1) // 2)
    fitting = int(np.searchsorted(running, at_most, side="right"))
    largest = int(ranked[fitting]) - 1 if fitting < len(ranked) else int(ranked[-1])
    left_in_block = np.repeat(np.where(sizes <= largest, starts + sizes, 0), sizes)
    positions = np.flatnonzero(left_in_block > 0)
    ones, others = [], []
    for step in range(1, largest):
        positions = positions[positions + step < left_in_block[positions]]
        if not len(positions):
            break
        ones.append(order[positions])
        others.append(order[positions + step])
    if not ones:
        return order[:0], order[:0]
    return np.concatenate(ones), np.concatenate(others)
