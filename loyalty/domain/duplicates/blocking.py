"""Which pairs are worth a look: those that agree on at least two cheap keys, or on one strong key.

Keys that are too common together are joined by a third, so that the number of pairs grows with the
number of rows and not with its square.
"""

from collections.abc import Iterator, Mapping
from itertools import combinations

import numpy as np

from loyalty.domain.duplicates.columns import Column, Longs
from loyalty.domain.duplicates.fields import Field
from loyalty.domain.duplicates.phonetics import letters, sound

_MIX = np.uint64(0x9E3779B97F4A7C15)


def cheap_keys(columns: Mapping[Field, Column]) -> dict[str, Longs]:
    """Each row's keys by name, -1 where the row has none."""
    keys: dict[str, Longs] = {}
    for field, column in columns.items():
        for name, derived in _keys_of(field, column):
            keys[name] = derived.codes.astype(np.int64)
    if Field.GIVEN_NAME in columns and Field.FAMILY_NAME in columns:
        keys["names"] = _either_order(columns[Field.GIVEN_NAME], columns[Field.FAMILY_NAME])
    return keys


def _keys_of(field: Field, column: Column) -> Iterator[tuple[str, Column]]:
    match field:
        case Field.GIVEN_NAME | Field.FAMILY_NAME | Field.SUBURB | Field.STREET | Field.COMPANY_NAME:
            yield field.value, column.derived(sound)
            yield f"{field.value} letters", column.derived(letters)
        case Field.SECOND_STREET:
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
            yield "mailbox", column.derived(lambda text: text.partition("@")[0])
            yield "mail start", column.derived(lambda text: text[:5])
        case Field.POSTCODE | Field.STREET_NUMBER:
            yield field.value, column
        case _:
            return


_FEWEST, _A_ROW, _MOST = 30_000, 10, 1_500_000
"""Pairs that one rule may bring: a fixed number, so many a row, and never more than."""
_SINGLE = (Field.REFERENCE, Field.PHONE, Field.SECOND_PHONE, Field.EMAIL, Field.BIRTHDAY)
_SAME_SOURCE = (
    frozenset({"birth year month", "birth year"}),
    frozenset({"birth year day", "birth year"}),
)


def candidate_pairs(columns: Mapping[Field, Column], size: int) -> tuple[Longs, Longs]:
    """Rows (left < right) worth comparing; no pair twice."""
    keys = cheap_keys(columns)
    pairs_a_rule = min(_FEWEST + _A_ROW * size, _MOST)
    found = np.empty(0, np.int64)
    fresh: list[Longs] = []
    for pairs in _rules(columns, keys, pairs_a_rule):
        low, high = np.minimum(*pairs), np.maximum(*pairs)
        fresh.append(low * size + high)
        if sum(map(len, fresh)) > 4_000_000:
            found, fresh = np.unique(np.concatenate([found, *fresh])), []
    found = np.unique(np.concatenate([found, *fresh]))
    return found // size, found % size


def _rules(
    columns: Mapping[Field, Column], keys: Mapping[str, Longs], pairs_a_rule: int
) -> Iterator[tuple[Longs, Longs]]:
    for field in _SINGLE:
        if field in columns:
            yield pairs_in(columns[field].codes.astype(np.int64), pairs_a_rule)
    for names in combinations(keys, 2):
        if frozenset(names) in _SAME_SOURCE or names[0].split()[0] == names[1].split()[0] != "birth":
            continue
        joined = _joined(keys[names[0]], keys[names[1]])
        if _count(joined) <= pairs_a_rule:
            yield pairs_in(joined, pairs_a_rule)
            continue
        for third in keys:
            if third in names:
                continue
            yield pairs_in(_joined(joined, keys[third]), pairs_a_rule)


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


def _count(key: Longs) -> int:
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
