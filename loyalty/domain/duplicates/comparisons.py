"""Compares pairs of rows field by field: a level for each, -1 where either side is unknown."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from loyalty.domain.duplicates import birthday_levels, grades
from loyalty.domain.duplicates.columns import Column, Ints, Longs
from loyalty.domain.duplicates.fields import Field
from loyalty.domain.duplicates.grades import Grade, Levels

UNKNOWN = -1
_CLEARLY = 2
"""Levels that names must gain by being taken crosswise."""
_EQUAL = {
    Field.GIVEN_NAME: (5, grades.name_levels),
    Field.FAMILY_NAME: (5, grades.name_levels),
    Field.COMPANY_NAME: (5, grades.street_levels),
    Field.STREET: (5, grades.street_levels),
    Field.SUBURB: (5, grades.name_levels),
    Field.EMAIL: (5, grades.email_levels),
    Field.PHONE: (3, grades.number_levels),
    Field.REFERENCE: (3, grades.number_levels),
    Field.POSTCODE: (3, grades.number_levels),
    Field.STREET_NUMBER: (2, grades.short_levels),
    Field.STATE: (1, grades.no_levels),
    Field.GENDER: (1, grades.no_levels),
}  # fmt: skip
_CROSSED = {Field.STREET: Field.SECOND_STREET, Field.PHONE: Field.SECOND_PHONE}


@dataclass(frozen=True, slots=True)
class Compared:
    """One field of many pairs: ``levels``, and the number of the text both have, -1 where they differ."""

    levels: Levels
    shared: Ints


def highest_level(field: Field) -> int:
    """The level of equality."""
    return birthday_levels.EQUAL if field is Field.BIRTHDAY else _EQUAL[field][0]


def compare(columns: Mapping[Field, Column], left: Longs, right: Longs) -> dict[Field, Compared]:
    """Compare the rows ``left`` with the rows ``right``, one by one."""
    compared: dict[Field, Compared] = {}
    for field, column in columns.items():
        if field is Field.BIRTHDAY:
            compared[field] = _birthdays(column, left, right)
        elif field in _EQUAL:
            second = columns.get(_CROSSED[field]) if field in _CROSSED else None
            compared[field] = _straight(field, column, column, left, right)
            if second is not None:
                compared[field] = _crossed(field, (column, second), left, right, compared[field])
    if Field.GIVEN_NAME in columns and Field.FAMILY_NAME in columns:
        _turn_names(columns, left, right, compared)
    return compared


def _straight(field: Field, one: Column, other: Column, left: Longs, right: Longs) -> Compared:
    equal, grade = _EQUAL[field]
    first, second = one.codes[left], other.codes[right]
    levels = _levels(first, second, one.texts, grade, equal)
    return Compared(levels, np.where(levels == equal, first, np.int32(UNKNOWN)))


def _levels(first: Ints, second: Ints, texts: list[str], grade: Grade, equal: int) -> Levels:
    levels = np.full(len(first), UNKNOWN, np.int8)
    known = (first >= 0) & (second >= 0)
    same = known & (first == second)
    levels[same] = equal
    differ = np.flatnonzero(known & ~same)
    if len(differ):
        low = np.minimum(first[differ], second[differ]).astype(np.int64)
        high = np.maximum(first[differ], second[differ])
        distinct, back = np.unique(low * len(texts) + high, return_inverse=True)
        ones = [texts[code] for code in (distinct // len(texts)).tolist()]
        others = [texts[code] for code in (distinct % len(texts)).tolist()]
        levels[differ] = grade(ones, others)[back]
    return levels


def _birthdays(column: Column, left: Longs, right: Longs) -> Compared:
    first, second = column.codes[left], column.codes[right]
    digits = birthday_levels.digits_of(column.texts)
    levels = birthday_levels.birthday_levels(digits[first], digits[second])
    levels[(first < 0) | (second < 0)] = UNKNOWN
    return Compared(levels, np.where(levels == birthday_levels.EQUAL, first, np.int32(UNKNOWN)))


def _crossed(
    field: Field, columns: tuple[Column, Column], left: Longs, right: Longs, straight: Compared
) -> Compared:
    """The best of straight and crosswise, for a second street or phone number."""
    levels, shared = straight.levels.copy(), straight.shared.copy()
    for first, second in (columns, columns[::-1]):
        across = _straight(field, first, second, left, right)
        better = across.levels > np.maximum(levels, 2)
        levels[better], shared[better] = across.levels[better], across.shared[better]
    return Compared(levels, shared)


def _turn_names(
    columns: Mapping[Field, Column], left: Longs, right: Longs, compared: dict[Field, Compared]
) -> None:
    """Where given and family name agree better crosswise than straight, take them crosswise."""
    given, family = columns[Field.GIVEN_NAME], columns[Field.FAMILY_NAME]
    straight = (compared[Field.GIVEN_NAME], compared[Field.FAMILY_NAME])
    doubtful = np.flatnonzero((straight[0].levels < 2) & (straight[1].levels < 2))
    across = (
        _straight(Field.GIVEN_NAME, given, family, left[doubtful], right[doubtful]),
        _straight(Field.FAMILY_NAME, family, given, left[doubtful], right[doubtful]),
    )
    gain = sum(
        (
            _worth(new.levels) - _worth(old.levels[doubtful])
            for old, new in zip(straight, across, strict=True)
        ),
        np.zeros(len(doubtful), np.int8),
    )
    across = _family_first(*across)
    better = gain > _CLEARLY
    for old, new in zip(straight, across, strict=True):
        old.levels[doubtful[better]] = new.levels[better]
        old.shared[doubtful[better]] = new.shared[better]


def _family_first(given: Compared, family: Compared) -> tuple[Compared, Compared]:
    """Only one of two crossed names is the same: it counts as the family name, which one house shares."""
    turned = given.levels > family.levels
    levels = np.where(turned, family.levels, given.levels), np.where(turned, given.levels, family.levels)
    shared = np.where(turned, family.shared, given.shared), np.where(turned, given.shared, family.shared)
    return Compared(levels[0], shared[0]), Compared(levels[1], shared[1])


def _worth(levels: Levels) -> Levels:
    """An unknown name is better than a different one."""
    return np.where(levels == UNKNOWN, np.int8(1), levels)
