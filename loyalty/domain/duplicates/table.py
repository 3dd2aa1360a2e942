"""Collects rows into a table of people; splits whole names and house numbers, keeps a distinct text once."""

import re
from collections.abc import Sequence

from loyalty.domain.duplicates.fields import Field, People
from loyalty.domain.duplicates.headings import Meaning, Special

_HOUSE = re.compile(
    r"\s*(\d{1,6}\s?(?:[a-zA-Z]|bis|ter)?(?:\s?[-/]\s?\d{1,6})?)\b[\s,]+(?=\S)", re.IGNORECASE
)


class PeopleTable:
    """Rows in, :class:`People` out.

    Args:
        columns: for each meaning the place of its cell in a row.
    """

    def __init__(self, columns: dict[Meaning, int]) -> None:
        self._given = {meaning: at for meaning, at in columns.items() if isinstance(meaning, Field)}
        self._full_name = columns.get(Special.FULL_NAME)
        self._splits_street = Field.STREET in columns and Field.STREET_NUMBER not in columns
        fields = dict.fromkeys(self._given)
        if self._full_name is not None:
            fields |= {Field.GIVEN_NAME: None, Field.FAMILY_NAME: None}
        if self._splits_street:
            fields |= {Field.STREET_NUMBER: None}
        self._columns: dict[Field, list[str]] = {field: [] for field in fields}
        self._once: dict[str, str] = {}
        self._size = 0

    @property
    def fields(self) -> list[Field]:
        """What is collected."""
        return list(self._columns)

    def add(self, cells: Sequence[str]) -> None:
        """One more row; cells that are missing at its end are unknown."""
        row = {field: cells[at].strip() if at < len(cells) else "" for field, at in self._given.items()}
        if self._full_name is not None:
            name = cells[self._full_name] if self._full_name < len(cells) else ""
            row[Field.GIVEN_NAME], row[Field.FAMILY_NAME] = split_name(name)
        if self._splits_street:
            row[Field.STREET_NUMBER], row[Field.STREET] = split_street(row[Field.STREET])
        for field, column in self._columns.items():
            text = row[field]
            column.append(self._once.setdefault(text, text))
        self._size += 1

    def people(self) -> People:
        return People(self._size, self._columns)


def split_name(name: str) -> tuple[str, str]:
    """Given and family name of a whole name, which stands as ``Julia Taylor`` or ``Taylor, Julia``."""
    family, comma, given = name.partition(",")
    if comma:
        return given.strip(), family.strip()
    given, _, family = name.strip().partition(" ")
    return given, family.strip()


def split_street(street: str) -> tuple[str, str]:
    """House number and street; "" for a number that does not stand in front."""
    house = _HOUSE.match(street)
    return (house.group(1), street[house.end() :]) if house else ("", street)
