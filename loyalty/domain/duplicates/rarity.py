"""A rare surname in common says more than a common one; a number that half the town gives says nothing."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from loyalty.domain.duplicates.columns import Column, Ints, Longs
from loyalty.domain.duplicates.comparisons import Compared, highest_level
from loyalty.domain.duplicates.fields import Field
from loyalty.domain.duplicates.learning import FEWEST_ROWS
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
from loyalty.domain.duplicates.worded import Wordings

Booleans = npt.NDArray[np.bool_]
_BOTH_NAMES = 2
_CROSSED_NAMES = {Field.GIVEN_NAME: Field.FAMILY_NAME, Field.FAMILY_NAME: Field.GIVEN_NAME}
_RAREST = 50
"""How many times rarer than the average a text may count."""


def likelihoods_by_text(
    model: Model,
    columns: Mapping[Field, Column],
    worded: Wordings | None,
    compared: Mapping[Field, Compared],
    persons: Longs,
) -> Likelihoods:
    """Likelihoods of pairs, with each equal text at its own frequency among ``persons``.

    Args:
        model: the model of the table.
        columns: the table.
        worded: how its addresses of e-mail are made of names.
        compared: the pairs, field by field.
        persons: for each row the number of its person as far as known, so that the rows of one person do
            not make a rare name look common.
    """
    levels = {field: each.levels for field, each in compared.items()}
    plain = likelihoods(model, levels)
    strangers, house = plain.strangers.copy(), plain.house.copy()
    shared = shared_in_house(levels)
    frequencies = {
        field: _frequency(columns[field], persons, float(np.exp(model.strangers[field][0, -1])))
        for field in compared
        if highest_level(field) > 1
    }
    crossed = _are_crossed(compared, frequencies)
    for field, each in compared.items():
        equal = np.flatnonzero(each.shared >= 0)
        top = highest_level(field)
        if top == 1 or not len(equal):
            continue
        average = model.strangers[field][0, top]
        often = frequencies[field][each.shared[equal]]
        is_crossed = crossed[equal]
        if is_crossed.any() and field in _CROSSED_NAMES:
            often[is_crossed] = frequencies[_CROSSED_NAMES[field]][each.shared[equal[is_crossed]]]
        rarer = np.log(often) - average
        followed = follows(levels, field)[equal]
        further = np.where(followed > 0, np.maximum(rarer, 0), rarer)
        if field is Field.EMAIL and worded is not None:
            of_one_name = followed == _BOTH_NAMES
            emails = each.shared[equal[of_one_name]]
            further[of_one_name] = _rarer_wording(model, worded, emails, persons)
        strangers[equal] += further
        if field not in OF_ONE_HOUSE:
            same = np.exp(model.same[field][top])
            house[equal] += np.log(in_one_house(often, same, shared.get(field, 0))) - model.house[field][top]
    return replace(plain, strangers=strangers, house=house)


def _are_crossed(compared: Mapping[Field, Compared], frequencies: Mapping[Field, Floats]) -> Booleans:
    """Whether both names agree and each is commoner as the other kind: they changed places on one side."""
    given, family = compared.get(Field.GIVEN_NAME), compared.get(Field.FAMILY_NAME)
    if given is None or family is None:
        return np.zeros(len(next(iter(compared.values())).levels), np.bool_)
    both = (given.shared >= 0) & (family.shared >= 0)
    as_given, as_family = frequencies[Field.GIVEN_NAME], frequencies[Field.FAMILY_NAME]
    turned = as_family[given.shared] > as_given[given.shared]
    is_crossed: Booleans = both & turned & (as_given[family.shared] > as_family[family.shared])
    return is_crossed


def _rarer_wording(model: Model, worded: Wordings, emails: Ints, persons: Longs) -> Floats:
    """How much rarer than the average it is that a stranger of the same name makes the same address of it."""
    average = model.strangers[Field.EMAIL][_BOTH_NAMES, -1]
    often = _frequency(worded.column, persons, float(np.exp(average)))
    return np.asarray(np.log(often[worded.of_texts[emails]]) - average, np.float64)


def _frequency(column: Column, persons: Longs, average: float) -> Floats:
    """For each text the chance that a stranger has it, leaving out the one person who surely has it.

    The people of a table too small to tell are taken for some of ``FEWEST_ROWS``.
    """
    known = np.flatnonzero(column.codes >= 0)
    distinct = np.unique(column.codes[known] * np.int64(len(persons)) + persons[known])
    having = np.bincount(distinct // len(persons), minlength=len(column.texts))
    people = len(distinct) + max(FEWEST_ROWS - len(persons), 0)
    often = (np.maximum(having - 1, 0) + min(0.5, average * people)) / people
    return np.clip(often, average / _RAREST, 1.0)
