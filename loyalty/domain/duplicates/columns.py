"""Columns of folded texts as numbers: equal texts get equal numbers, work is done once a distinct text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from loyalty.domain.duplicates.fields import Field, People
from loyalty.domain.duplicates.folding import fold_of

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
MISSING = -1


@dataclass(frozen=True)
class Column:
    """One text a row as a number into ``texts``; -1 where nothing is known."""

    codes: Ints
    texts: list[str]

    @cached_property
    def counts(self) -> Longs:
        """How many rows have each text."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.texts)).astype(np.int64)

    @property
    def share_known(self) -> float:
        return float((self.codes >= 0).mean()) if len(self.codes) else 0.0

    @property
    def repeats(self) -> int:
        """Rows whose text another row has as well."""
        return int(self.counts[self.counts > 1].sum())

    def derived(self, derive: Callable[[str], str]) -> "Column":
        """The column of what ``derive`` makes of each text."""
        numbers: dict[str, int] = {}
        made = [derive(text) for text in self.texts]
        lookup = np.array(
            [numbers.setdefault(each, len(numbers)) if each else MISSING for each in made] + [MISSING],
            np.int32,
        )
        return Column(lookup[self.codes], list(numbers))


_ONE_VOCABULARY = {
    Field.FAMILY_NAME: Field.GIVEN_NAME,
    Field.SECOND_STREET: Field.STREET,
    Field.SECOND_PHONE: Field.PHONE,
}
"""Fields that are compared crosswise share their numbers."""


def encode(people: People) -> dict[Field, Column]:
    """The columns that can tell anything: those in which something is known.

    A reference counts only where some people have the same: where it differs on every row it numbers rows.
    """
    numbered: dict[Field, dict[str, int]] = {}
    codes: dict[Field, Ints] = {}
    for field, texts in people.columns.items():
        numbers = numbered.setdefault(_ONE_VOCABULARY.get(field, field), {})
        codes[field] = _coded(texts, fold_of(field), numbers)
    vocabularies = {field: list(numbers) for field, numbers in numbered.items()}
    columns = {
        field: Column(each, vocabularies[_ONE_VOCABULARY.get(field, field)]) for field, each in codes.items()
    }
    reference = columns.get(Field.REFERENCE)
    if reference is not None and reference.repeats == 0:
        del columns[Field.REFERENCE]
    return {field: column for field, column in columns.items() if (column.codes >= 0).any()}


def _coded(texts: Sequence[str], fold: Callable[[str], str], numbers: dict[str, int]) -> Ints:
    """The number of each text; each distinct writing is folded once, new texts are added to ``numbers``."""
    known: dict[str, int] = {"": MISSING}
    codes = np.empty(len(texts), np.int32)
    for row, text in enumerate(texts):
        code = known.get(text)
        if code is None:
            folded = fold(text)
            code = known[text] = numbers.setdefault(folded, len(numbers)) if folded else MISSING
        codes[row] = code
    return codes
