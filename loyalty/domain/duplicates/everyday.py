"""What agreement is worth in an ordinary shop's directory, for a few rows from which nothing can be learned.

The figures are those that learning finds on made-up shops (``tests/people``), rounded to the careful side.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from loyalty.domain.duplicates.columns import encode
from loyalty.domain.duplicates.comparisons import compare
from loyalty.domain.duplicates.fields import Field, People
from loyalty.domain.duplicates.model import (
    OF_ONE_HOUSE,
    SHARED_IN_HOUSE,
    Floats,
    Model,
    chances,
    in_one_house,
    likelihoods,
)
from loyalty.domain.duplicates.reasons import Agreement, reasons

_LEVELS: Mapping[Field, tuple[str, str]] = {
    Field.GIVEN_NAME: ("5 1 2 5 12 75", "93 4.5 1.2 .3 .3 .7"),
    Field.FAMILY_NAME: ("3 1 2 4 10 80", "94 4.5 .8 .2 .2 .3"),
    Field.COMPANY_NAME: ("10 5 5 5 10 65", "97 2 .5 .2 .1 .2"),
    Field.BIRTHDAY: ("4 2 3 3 5 1 82", "97.4 1.35 .9 .27 .08 .002 .005"),
    Field.PHONE: ("30 3 7 60", "99.89 .1 .01 .001"),
    Field.EMAIL: ("25 3 3 4 10 55", "93 6 .7 .25 .03 .002"),
    Field.STREET_NUMBER: ("20 5 75", "87 11.5 1.5"),
    Field.STREET: ("20 5 5 10 15 45", "97 2 .5 .3 .1 .1"),
    Field.SUBURB: ("15 2 3 5 10 65", "80 5 2 1 2 10"),
    Field.POSTCODE: ("15 5 10 70", "60 15 5 20"),
    Field.STATE: ("5 95", "30 70"),
}
"""By level from different to equal: percent of one person, percent of strangers."""
_WHERE_FOLLOWED: Mapping[Field, str] = {Field.POSTCODE: "10 2 8 80", Field.STATE: "1 99"}
_OF_ONE_FAMILY, _OF_NAMESAKES = "70 19.5 9 1.2 .2 .1", "50 18 8 18 3 3"
"""Addresses of e-mail of strangers whose family name agrees, and of those whose given name does too."""
_SECOND_PROFILES, _IN_ONE_HOUSE = 0.1, 0.4
"""For each person: how many have a second profile, how many live with somebody in the directory."""


def scores_of_first(people: People, rows_in_all: int) -> tuple[Floats, Sequence[Mapping[Field, Agreement]]]:
    """The chance that the first row and each of the others are one person, and how they agree.

    Args:
        people: the row in question, then those it is compared with.
        rows_in_all: how many rows the whole directory has.
    """
    others = range(1, people.size)
    return scores_of_pairs(people, [0] * len(others), others, rows_in_all)


def scores_of_pairs(
    people: People, left: Sequence[int], right: Sequence[int], rows_in_all: int
) -> tuple[Floats, Sequence[Mapping[Field, Agreement]]]:
    """The chance that the rows at two places are one person, pair by pair, and how they agree."""
    columns = {field: column for field, column in encode(people).items() if field in _LEVELS}
    if not columns or not left:
        return np.zeros(len(left)), [{}] * len(left)
    compared = compare(columns, np.asarray(left, np.int64), np.asarray(right, np.int64))
    model = _model(max(rows_in_all, 100))
    levels = {field: each.levels for field, each in compared.items()}
    scores, _house = chances(model, likelihoods(model, levels))
    return scores, [reasons(compared, at) for at in range(len(left))]


def _model(rows_in_all: int) -> Model:
    same = {field: _logs(ours) for field, (ours, _) in _LEVELS.items()}
    strangers, house = {}, {}
    for field, (_, theirs) in _LEVELS.items():
        alone = _logs(theirs)
        strangers[field] = np.stack([alone, _logs(_WHERE_FOLLOWED.get(field, theirs))])
        if field is Field.EMAIL:
            strangers[field] = np.stack([alone, _logs(_OF_ONE_FAMILY), _logs(_OF_NAMESAKES)])
        if field in OF_ONE_HOUSE:
            house[field] = same[field]
        else:
            shared = SHARED_IN_HOUSE.get(field, 0)
            house[field] = np.log(in_one_house(np.exp(alone), np.exp(same[field]), shared))
    return Model(same, strangers, house, _SECOND_PROFILES / rows_in_all, _IN_ONE_HOUSE / rows_in_all)


def _logs(percents: str) -> Floats:
    shares = np.array([float(each) for each in percents.split()])
    return np.asarray(np.log(shares / shares.sum()), np.float64)
