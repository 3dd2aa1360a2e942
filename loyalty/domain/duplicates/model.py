"""What agreement and disagreement in each field are worth.

The model of Fellegi and Sunter, with three kinds of pair instead of two: one person, two strangers, and two
people of one household, who share surname, address and phone and would otherwise be taken for one. How often
they have the same phone is learned too: where many in a house have numbers of their own, another number tells
them apart. Fields of one address hang together (a postcode follows from its suburb), so how often strangers
agree in such a field depends on whether the field it follows from agrees.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from loyalty.domain.duplicates.columns import Longs
from loyalty.domain.duplicates.comparisons import Compared, highest_level
from loyalty.domain.duplicates.fields import Field
from loyalty.domain.duplicates.grades import Levels

Floats = npt.NDArray[np.float64]
Levelled = Mapping[Field, Levels]
FOLLOWS = {
    Field.POSTCODE: Field.SUBURB,
    Field.STATE: Field.POSTCODE,
    Field.STREET: Field.SUBURB,
    Field.STREET_NUMBER: Field.STREET,
}
OF_ONE_HOUSE = frozenset(
    {Field.FAMILY_NAME, Field.COMPANY_NAME, Field.PHONE, Field.EMAIL}
    | {Field.STREET_NUMBER, Field.STREET, Field.SUBURB, Field.POSTCODE, Field.STATE}
)
SHARED_IN_HOUSE = {Field.GIVEN_NAME: 0.01, Field.BIRTHDAY: 0.03}
"""How often two people of one house have the same by descent or birth: fathers and sons, twins."""
_SHARED_UNSEEN = 0.0002
"""The same for a table that has only one of the two: nothing in it would tell such people apart."""


@dataclass(frozen=True, slots=True)
class Model:
    """Natural logarithms of how often a level is seen, and the shares of the kinds among all pairs.

    ``same`` and ``house`` are by level; ``strangers`` by (does the followed field agree: 0 or 1, level),
    addresses of e-mail by how many names agree.
    """

    same: dict[Field, Floats]
    strangers: dict[Field, Floats]
    house: dict[Field, Floats]
    same_share: float
    house_share: float


def shared_in_house(fields: Collection[Field]) -> Mapping[Field, float]:
    """:data:`SHARED_IN_HOUSE` for a table of these fields."""
    there = SHARED_IN_HOUSE.keys() & set(fields)
    return {field: SHARED_IN_HOUSE[field] if len(there) > 1 else _SHARED_UNSEEN for field in there}


def in_one_house(by_chance: Floats, same: Floats, shared: float) -> Floats:
    """How often levels are seen in one house: what is shared is written with the same slips as of one person.

    Args:
        by_chance: Of strangers.
        same: Of one person.
        shared: See :func:`shared_in_house`.
    """
    return by_chance * (1 - shared) + same * shared


@dataclass(frozen=True, slots=True)
class Seen:
    """Distinct patterns of levels, and how often each was seen."""

    levels: Levelled
    times: Floats


@dataclass(frozen=True, slots=True)
class Likelihoods:
    """Natural logarithms for each pattern or pair, by kind."""

    same: Floats
    strangers: Floats
    house: Floats


def patterns(compared: Mapping[Field, Compared], weight: float = 1.0) -> Seen:
    """The distinct patterns of many pairs; each pair stands for ``weight`` pairs."""
    fields = list(compared)
    packed: Longs = np.zeros(len(compared[fields[0]].levels), np.int64)
    for field in fields:
        packed = packed * 8 + (compared[field].levels.astype(np.int64) + 1)
    rest, times = np.unique(packed, return_counts=True)
    levels: dict[Field, Levels] = {}
    for field in reversed(fields):
        levels[field] = (rest % 8 - 1).astype(np.int8)
        rest = rest // 8
    return Seen(levels, times.astype(np.float64) * weight)


def follows(levels: Levelled, field: Field) -> Longs:
    """1 where the field that this one follows from agrees, 0 where it does not or is unknown.

    An address of e-mail follows from the names: 1 where the family name agrees, 2 where both do.
    """
    if field is Field.EMAIL:
        return _names_agreeing(levels)
    followed = FOLLOWS.get(field)
    if followed is None or followed not in levels:
        return np.zeros(len(levels[field]), np.int64)
    return (levels[followed] >= max(1, highest_level(followed) - 1)).astype(np.int64)


def _names_agreeing(levels: Levelled) -> Longs:
    family, given = levels.get(Field.FAMILY_NAME), levels.get(Field.GIVEN_NAME)
    if family is None or given is None:
        return np.zeros(len(levels[Field.EMAIL]), np.int64)
    one_family = family >= highest_level(Field.FAMILY_NAME) - 1
    both = one_family & (given >= highest_level(Field.GIVEN_NAME) - 1)
    return one_family.astype(np.int64) + both


def likelihoods(model: Model, levels: Levelled) -> Likelihoods:
    """What the levels say for each kind; an unknown field says nothing."""
    size = len(next(iter(levels.values())))
    same, strangers, house = np.zeros(size), np.zeros(size), np.zeros(size)
    for field, level in levels.items():
        known = level >= 0
        same += np.where(known, model.same[field][level], 0)
        strangers += np.where(known, model.strangers[field][follows(levels, field), level], 0)
        house += np.where(known, model.house[field][level], 0)
    return Likelihoods(same, strangers, house)


def chances(model: Model, likely: Likelihoods) -> tuple[Floats, Floats]:
    """The chance to be one person, and the chance to be two of one house."""
    rest = max(1 - model.same_share - model.house_share, 0.5)
    logs = np.stack(
        [
            likely.same + np.log(model.same_share),
            likely.house + np.log(model.house_share),
            likely.strangers + np.log(rest),
        ]
    )
    logs -= logs.max(axis=0)
    shares = np.exp(logs)
    shares /= shares.sum(axis=0)
    return shares[0], shares[1]
