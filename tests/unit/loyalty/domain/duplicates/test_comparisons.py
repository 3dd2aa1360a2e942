"""Comparing the fields of two rows."""

import numpy as np

from loyalty.domain.duplicates.columns import encode
from loyalty.domain.duplicates.comparisons import compare, highest_level
from loyalty.domain.duplicates.fields import Field, People
from loyalty.domain.duplicates.model import SHARED_IN_HOUSE, shared_in_house

GIVEN, FAMILY = Field.GIVEN_NAME, Field.FAMILY_NAME


def levels(one: tuple[str, str], other: tuple[str, str]) -> tuple[int, int]:
    """Of given and family name."""
    people = People(2, {GIVEN: [one[0], other[0]], FAMILY: [one[1], other[1]]})
    compared = compare(encode(people), np.array([0]), np.array([1]))
    return int(compared[GIVEN].levels[0]), int(compared[FAMILY].levels[0])


def test_names_that_changed_places_are_equal() -> None:
    top = highest_level(GIVEN), highest_level(FAMILY)
    assert levels(("harris", "evie"), ("evie", "harris")) == top
    assert levels(("evie", "harris"), ("evie", "harris")) == top


def test_who_shares_one_name_crosswise_shares_the_family_name() -> None:
    for one, other in (
        (("harris", "evie"), ("phoebe", "harris")),
        (("phoebe", "harris"), ("harris", "evie")),
    ):
        given, family = levels(one, other)
        assert family == highest_level(FAMILY)
        assert given < 2


def test_people_of_one_house_share_more_where_the_table_can_tell_them_apart() -> None:
    assert shared_in_house([GIVEN, FAMILY, Field.BIRTHDAY]) == SHARED_IN_HOUSE
    assert shared_in_house([GIVEN, FAMILY])[GIVEN] < SHARED_IN_HOUSE[GIVEN]
    assert shared_in_house([FAMILY]) == {}
