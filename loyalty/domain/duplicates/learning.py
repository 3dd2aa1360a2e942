"""Learns the model from the table itself, without labels, by expectation and maximisation.

Pairs that no key brings together count as strangers, so that the shares are those of all pairs of the table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from loyalty.domain.duplicates.columns import Column
from loyalty.domain.duplicates.comparisons import highest_level
from loyalty.domain.duplicates.fields import Field
from loyalty.domain.duplicates.grades import Levels
from loyalty.domain.duplicates.model import (
    OF_ONE_HOUSE,
    Floats,
    Model,
    Seen,
    chances,
    in_one_house,
    likelihoods,
    shared_in_house,
)

_ROUNDS = 24
_STRANGERS_EVERY = 8
"""How strangers agree hardly changes from round to round."""
_SMALLEST = 1e-9
_OF_ONES_OWN = frozenset({Field.PHONE, Field.EMAIL})
"""What one of a house may have alone; how often is learned."""
FEWEST_ROWS = 200
"""From fewer nobody can tell how often strangers agree."""
_CHANCE = 0.01
_CHANCES = {Field.GIVEN_NAME: 0.005, Field.FAMILY_NAME: 0.001, Field.PHONE: 1e-5, Field.EMAIL: 1e-5}
"""How often two strangers of any shop agree."""
_HOUSE_LIKE_ONE = 100
"""Beside the pairs of one house that were seen, so many are taken to agree as one person does."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What there is to learn from.

    Args:
        candidates: pairs that may be one person.
        drawn: pairs drawn evenly from all pairs.
        drawn_near: for a field that follows another, pairs drawn among those that agree in the other.
        namesakes: what addresses of e-mail would be like, were the pairs of one family name, and of one name.
        columns: for the exact chance of equality.
        pairs: number of pairs of the table.
    """

    candidates: Seen
    drawn: Seen
    drawn_near: Mapping[Field, Seen]
    namesakes: Sequence[Seen]
    columns: Mapping[Field, Column]
    pairs: float


def learn(evidence: Evidence) -> Model:
    """The model under which the table is likeliest, from a first guess that holds for people everywhere."""
    model = _first_guess(evidence)
    for turn in range(_ROUNDS):
        same, house = chances(model, likelihoods(model, evidence.candidates.levels))
        model = _maximised(
            model, evidence, same * evidence.candidates.times, house * evidence.candidates.times
        )
        if turn % _STRANGERS_EVERY == 1:
            model = _with_strangers(model, evidence, same * evidence.candidates.times)
    return model


def _first_guess(evidence: Evidence) -> Model:
    same = {}
    for field in evidence.candidates.levels:
        top = highest_level(field)
        share = np.full(top + 1, 0.05 / max(top - 1, 1))
        share[top], share[0] = 0.85, 0.1
        same[field] = np.log(share / share.sum())
    rows = (1 + np.sqrt(1 + 8 * evidence.pairs)) / 2
    model = Model(
        same,
        {},
        {},
        same_share=min(0.1 * rows / evidence.pairs, 0.01),
        house_share=min(0.02 * rows / evidence.pairs, 0.001),
    )
    return _with_strangers(model, evidence, np.zeros(len(evidence.candidates.times)))


def _maximised(model: Model, evidence: Evidence, same: Floats, house: Floats) -> Model:
    learned = {}
    for field, levels in evidence.candidates.levels.items():
        seen = _tally(levels, same, highest_level(field)) + 0.5
        learned[field] = np.log(seen / seen.sum())
    in_house = {}
    for field in OF_ONE_HOUSE & learned.keys():
        in_house[field] = learned[field]
        if field in _OF_ONES_OWN:
            levels, top = evidence.candidates.levels[field], highest_level(field)
            seen = _tally(levels, house, top) + _HOUSE_LIKE_ONE * np.exp(learned[field])
            in_house[field] = np.log(seen / seen.sum())
    return Model(
        learned,
        model.strangers,
        model.house | in_house,
        same_share=max(float(same.sum()), 0.5) / evidence.pairs,
        house_share=max(float(house.sum()), 0.1) / evidence.pairs,
    )


def _with_strangers(model: Model, evidence: Evidence, same: Floats) -> Model:
    strangers, house = {}, {}
    shared = shared_in_house(evidence.drawn.levels)
    drawn = _strangers_among(model, evidence.drawn)
    for field, levels in evidence.drawn.levels.items():
        top = highest_level(field)
        equal = _tally(evidence.candidates.levels[field], same, top)[top]
        share = _shares(levels, drawn, top)
        share[top] = _top(field, evidence, equal, float(same.sum()))
        by_chance = np.append(share[:-1] / share[:-1].sum() * (1 - share[top]), share[top])
        table = np.stack([by_chance, by_chance, by_chance])
        near = evidence.drawn_near.get(field)
        if near is not None:
            table[1] = _shares(near.levels[field], _strangers_among(model, near), top)
        if field is Field.EMAIL:
            for place, seen in enumerate(evidence.namesakes, start=1):
                table[place] = _shares(seen.levels[field], seen.times, top)
        strangers[field] = np.log(np.maximum(table, _SMALLEST))
        by_birth = in_one_house(by_chance, np.exp(model.same[field]), shared.get(field, 0))
        by_roof = model.house.get(field, model.same[field])
        house[field] = by_roof if field in OF_ONE_HOUSE else np.log(np.maximum(by_birth, _SMALLEST))
    return replace(model, strangers=strangers, house=house)


def _strangers_among(model: Model, seen: Seen) -> Floats:
    if not model.strangers:
        return seen.times
    same, house = chances(model, likelihoods(model, seen.levels))
    return seen.times * (1 - same - house)


def _tally(levels: Levels, weights: Floats, top: int) -> Floats:
    known = levels >= 0
    return np.bincount(levels[known], weights=weights[known], minlength=top + 1).astype(np.float64)


def _shares(levels: Levels, weights: Floats, top: int) -> Floats:
    seen = np.maximum(_tally(levels, weights, top), 0) + 0.5
    return np.asarray(seen / seen.sum(), np.float64)


def _top(field: Field, evidence: Evidence, same_equal: float, same_all: float) -> float:
    """The chance of equality counted over all pairs instead of drawn, less the pairs of one person.

    A table too small to tell gets as many pairs as it lacks from people everywhere.
    """
    counts = evidence.columns[field].counts
    known, equal = float(counts.sum()), float((counts * (counts - 1)).sum()) / 2
    lacking = max(FEWEST_ROWS * (FEWEST_ROWS - 1) / 2 - evidence.pairs, 0.0)
    chance = _CHANCES.get(field, _CHANCE)
    unlike = known * (known - 1) / 2 - same_all + lacking
    return max(equal - same_equal + lacking * chance, 0.5) / max(unlike, 1)
