"""A rare surname in common says more than a common one; a number that half the town gives says nothing."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from loyalty.domain.duplicates.columns import Column, Longs
from loyalty.domain.duplicates.comparisons import Compared, highest_level
from loyalty.domain.duplicates.fields import Field
from loyalty.domain.duplicates.model import (
    OF_ONE_HOUSE,
    Floats,
    Likelihoods,
    Model,
    follows,
    in_one_house,
    likelihoods,
    shared_in_house,
)

_RAREST = 50
"""How many times rarer than the average a text may count."""


def likelihoods_by_text(
    model: Model, columns: Mapping[Field, Column], compared: Mapping[Field, Compared], persons: Longs
) -> Likelihoods:
    """Likelihoods of pairs, with each equal text at its own frequency among ``persons``.

    Args:
        model: the model of the table.
        columns: the table.
        compared: the pairs, field by field.
        persons: for each row the number of its person as far as known, so that the rows of one person do
            not make a rare name look common.
    """
    levels = {field: each.levels for field, each in compared.items()}
    plain = likelihoods(model, levels)
    strangers, house = plain.strangers.copy(), plain.house.copy()
    shared = shared_in_house(levels)
    for field, each in compared.items():
        equal = np.flatnonzero(each.shared >= 0)
        top = highest_level(field)
        if top == 1 or not len(equal):
            continue
        average = model.strangers[field][0, top]
        often = _frequency(columns[field], persons, float(np.exp(average)))[each.shared[equal]]
        rarer = np.log(often) - average
        strangers[equal] += np.where(follows(levels, field)[equal] == 1, np.maximum(rarer, 0), rarer)
        if field not in OF_ONE_HOUSE:
            same = np.exp(model.same[field][top])
            house[equal] += np.log(in_one_house(often, same, shared.get(field, 0))) - model.house[field][top]
    return replace(plain, strangers=strangers, house=house)


def _frequency(column: Column, persons: Longs, average: float) -> Floats:
    """For each text the chance that a stranger has it, leaving out the one person who surely has it."""
    known = np.flatnonzero(column.codes >= 0)
    distinct = np.unique(column.codes[known] * np.int64(len(persons)) + persons[known])
    having = np.bincount(distinct // len(persons), minlength=len(column.texts))
    often = (np.maximum(having - 1, 0) + min(0.5, average * len(distinct))) / len(distinct)
    return np.clip(often, average / _RAREST, 1.0)
