"""E-mail addresses that are made of names: two strangers of one name have much alike ones.

``anne.roy7@example.org`` says little more than *Anne Roy* does. How alike the addresses of strangers are
who bear one name needs no such strangers: it shows in what somebody else's address would read, were it made
of my names.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from loyalty.domain.duplicates.columns import Column, Longs
from loyalty.domain.duplicates.comparisons import Compared, compare
from loyalty.domain.duplicates.fields import Field
from loyalty.domain.text import without_accents

_GIVEN, _FAMILY, _INITIAL = "\x01", "\x02", "\x03"
_LEAST_CHARS = 3
"""Shorter names stand in many words."""


class Wordings:
    """How each row's address is made of its names; ``columns`` must have names and addresses."""

    def __init__(self, columns: Mapping[Field, Column]) -> None:
        self._given, self._family = columns[Field.GIVEN_NAME], columns[Field.FAMILY_NAME]
        self._email = columns[Field.EMAIL]
        known = np.flatnonzero(self._email.codes >= 0)
        numbers: dict[str, int] = {}
        codes = np.full(len(self._email.codes), -1, np.int32)
        for row in known.tolist():
            worded = worded_by(self._email.texts[self._email.codes[row]], *self._names(row))
            codes[row] = numbers.setdefault(worded, len(numbers))
        self.column = Column(codes, list(numbers))
        self.of_texts = np.full(len(self._email.texts), -1, np.int64)
        """For each address of the table the number of its wording, by one of the rows that have it."""
        self.of_texts[self._email.codes[known]] = codes[known]

    def as_namesakes(self, left: Longs, right: Longs, *, of_one_given_name: bool) -> dict[Field, Compared]:
        """Addresses of pairs compared as if the second bore the first's family name, or both its names."""
        known = np.flatnonzero((self._email.codes[left] >= 0) & (self._email.codes[right] >= 0))
        mine, theirs = [], []
        for row, other in zip(left[known].tolist(), right[known].tolist(), strict=True):
            given, family = self._names(row)
            given = given if of_one_given_name else self._names(other)[0]
            wording = self.column.texts[self.column.codes[other]]
            mine.append(without_accents(self._email.texts[self._email.codes[row]]))
            theirs.append(_read_with(wording, given, family))
        return _compared(mine, theirs)

    def _names(self, row: int) -> tuple[str, str]:
        given, family = self._given.codes[row], self._family.codes[row]
        return (
            self._given.texts[given] if given >= 0 else "",
            self._family.texts[family] if family >= 0 else "",
        )


def wordings(columns: Mapping[Field, Column]) -> Wordings | None:
    """None for a table without names or without addresses."""
    needed = {Field.GIVEN_NAME, Field.FAMILY_NAME, Field.EMAIL}
    return Wordings(columns) if needed <= columns.keys() else None


def worded_by(email: str, given: str, family: str) -> str:
    """The address with marks where the names stand, or the family name behind an initial.

    Args:
        email: folded, as are the names.
        given: the given name; "" where it is not known.
        family: the family name.
    """
    box, at, host = without_accents(email).partition("@")
    box = _marked(box, family, _FAMILY)
    with_given = _marked(box, given, _GIVEN)
    if with_given == box and given and _FAMILY in box:
        box = box.replace(f"{given[0]}{_FAMILY}", f"{_INITIAL}{_FAMILY}", 1)
        box = box.replace(f"{given[0]}.{_FAMILY}", f"{_INITIAL}.{_FAMILY}", 1)
        return f"{box}{at}{host}"
    return f"{with_given}{at}{host}"


def _marked(box: str, name: str, mark: str) -> str:
    if len(name) >= _LEAST_CHARS:
        for between in ("", "-", ".", "_") if " " in name else ("",):
            spelled = name.replace(" ", between)
            if spelled in box:
                return box.replace(spelled, mark, 1)
    return box


def _read_with(wording: str, given: str, family: str) -> str:
    given, family = given.replace(" ", ""), family.replace(" ", "")
    return wording.replace(_GIVEN, given).replace(_INITIAL, given[:1]).replace(_FAMILY, family)


def _compared(mine: Sequence[str], theirs: Sequence[str]) -> dict[Field, Compared]:
    numbers: dict[str, int] = {}
    codes = [numbers.setdefault(text, len(numbers)) for text in (*mine, *theirs)]
    column = Column(np.array(codes, np.int32), list(numbers))
    rows = np.arange(len(mine), dtype=np.int64)
    return compare({Field.EMAIL: column}, rows, rows + len(mine))
