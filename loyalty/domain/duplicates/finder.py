"""Finds the pairs of rows of a table that are one person."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from loyalty.domain.duplicates.blocking import candidate_pairs
from loyalty.domain.duplicates.columns import Column, Longs, encode
from loyalty.domain.duplicates.comparisons import Compared, compare
from loyalty.domain.duplicates.drawing import drawn_agreeing, drawn_pairs
from loyalty.domain.duplicates.fields import Field, People
from loyalty.domain.duplicates.learning import Evidence, learn
from loyalty.domain.duplicates.model import FOLLOWS, Floats, Model, Seen, chances, patterns
from loyalty.domain.duplicates.persons import persons_of
from loyalty.domain.duplicates.rarity import likelihoods_by_text
from loyalty.domain.duplicates.threshold import sure_enough
from loyalty.domain.duplicates.worded import Wordings, wordings

_DRAWN, _DRAWN_NEAR = 60_000, 15_000
_LEARNED_FROM = 1_000_000
_AT_ONCE = 500_000
_WORTH_KEEPING = 0.001
"""Pairs below this chance are not kept, whatever the threshold."""
Progress = Callable[[str, float], None]
"""Told the step, and how much of the step is done (0 to 1)."""


@dataclass(frozen=True, slots=True)
class Found:
    """Pairs of rows (left < right) with the chance that they are one person, likeliest first.

    ``compared`` says field by field how each pair agrees, ``sure_from`` is the chance from which on at most
    five pairs in a thousand are expected to be wrong.
    """

    left: Longs
    right: Longs
    scores: Floats
    compared: Mapping[Field, Compared]
    sure_from: float


def find_duplicates(people: People, progress: Progress = lambda _step, _done: None) -> Found:
    """All pairs that may be one person, from a chance of one in a thousand on.

    A table with fewer than two rows, or in which nothing is known, has none. Takes about 5 µs a row and
    10 µs a candidate pair; memory grows with the rows, not with the pairs looked at.
    """
    progress("reading", 0)
    columns = encode(people)
    if people.size < 2 or not columns:
        return _nothing()
    progress("pairing", 0)
    left, right = candidate_pairs(columns, people.size)
    if not len(left):
        return _nothing()
    progress("learning", 0)
    worded = wordings(columns)
    model = learn(_evidence(columns, worded, people.size, (left, right)))
    left, right, compared = _kept(model, columns, worded, (left, right), progress)
    persons = np.arange(people.size, dtype=np.int64)
    scores = np.empty(0)
    for _ in range(2):
        scores, _house = chances(model, likelihoods_by_text(model, columns, worded, compared, persons))
        sure = scores > 0.9
        persons = persons_of(people.size, left[sure], right[sure])
    order = np.argsort(-scores, kind="stable")
    ordered = {field: Compared(each.levels[order], each.shared[order]) for field, each in compared.items()}
    return Found(left[order], right[order], scores[order], ordered, sure_enough(scores[order]))


def _nothing() -> Found:
    none = np.empty(0, np.int64)
    return Found(none, none, np.empty(0), {}, sure_enough(np.empty(0)))


def _evidence(
    columns: Mapping[Field, Column], worded: Wordings | None, rows: int, pairs: tuple[Longs, Longs]
) -> Evidence:
    left, right = pairs
    step = max(1, -(-len(left) // _LEARNED_FROM))
    near = {}
    for field, followed in FOLLOWS.items():
        if field in columns and followed in columns:
            needed = {field, followed, FOLLOWS.get(followed, followed), Field.GIVEN_NAME, Field.BIRTHDAY}
            few = {each: column for each, column in columns.items() if each in needed}
            near[field] = patterns(compare(few, *drawn_agreeing(columns[followed], _DRAWN_NEAR)))
    return Evidence(
        candidates=patterns(compare(columns, left[::step], right[::step]), float(step)),
        drawn=patterns(compare(columns, *drawn_pairs(rows, _DRAWN))),
        drawn_near=near,
        namesakes=[] if worded is None else _namesakes(worded, rows),
        columns=columns,
        pairs=rows * (rows - 1) / 2,
    )


def _namesakes(worded: Wordings, rows: int) -> list[Seen]:
    drawn = drawn_pairs(rows, _DRAWN_NEAR)
    return [patterns(worded.as_namesakes(*drawn, of_one_given_name=each)) for each in (False, True)]


def _kept(
    model: Model,
    columns: Mapping[Field, Column],
    worded: Wordings | None,
    pairs: tuple[Longs, Longs],
    progress: Progress,
) -> tuple[Longs, Longs, dict[Field, Compared]]:
    """The candidates worth keeping, with their comparison; looked at in slices."""
    left, right = pairs
    everyone = np.arange(len(next(iter(columns.values())).codes), dtype=np.int64)
    lefts, rights, parts = [], [], []
    for start in range(0, len(left), _AT_ONCE):
        progress("comparing", start / len(left))
        ones, others = left[start : start + _AT_ONCE], right[start : start + _AT_ONCE]
        compared = compare(columns, ones, others)
        scores, _house = chances(model, likelihoods_by_text(model, columns, worded, compared, everyone))
        good = scores > _WORTH_KEEPING
        lefts.append(ones[good])
        rights.append(others[good])
        parts.append(
            {field: Compared(each.levels[good], each.shared[good]) for field, each in compared.items()}
        )
    joined = {
        field: Compared(
            np.concatenate([part[field].levels for part in parts]),
            np.concatenate([part[field].shared for part in parts]),
        )
        for field in parts[0]
    }
    return np.concatenate(lefts), np.concatenate(rights), joined
