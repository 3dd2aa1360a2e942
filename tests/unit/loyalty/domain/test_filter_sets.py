"""Filters as data: read back as written, refused when wrong, and never true of everybody by accident."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.domain.custom_field import CustomField, FieldKind
from loyalty.domain.filters import FILTERS, FilterSet, Known, filters_from_json, filters_to_json
from loyalty.domain.filters.condition import NOBODY
from loyalty.domain.filters.manual_groups import ManualGroups
from loyalty.domain.filters.reward_in_sight import RewardInSight
from loyalty.domain.filters.selection_field import SelectionField
from loyalty.domain.filters.toggle_field import ToggleField
from loyalty.domain.presets import RULES, BusinessType, Preset, preset_filters
from loyalty.errors import InvalidValueError
from runtime.ids import new_id

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=5),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["v", "all", "x"]), JSON))
def test_whatever_is_read_is_filters_or_refused(value: dict[str, Any]) -> None:
    try:
        read = filters_from_json(value)
    except InvalidValueError:
        return
    assert filters_from_json(filters_to_json(read)) == read


@given(st.sampled_from(sorted(FILTERS)), st.dictionaries(st.text(max_size=12), JSON, max_size=6))
def test_parameters_of_each_filter_are_checked(kind: str, parameters: dict[str, Any]) -> None:
    try:
        read = filters_from_json({"v": 1, "all": [{**parameters, "kind": kind}]})
    except InvalidValueError:
        return
    assert filters_from_json(filters_to_json(read)) == read


def test_more_filters_than_anybody_sets_are_refused() -> None:
    with pytest.raises(InvalidValueError):
        FilterSet((RewardInSight(),) * 31)


def test_a_filter_that_names_something_gone_says_so_and_holds_for_nobody() -> None:
    field_id, milk = new_id(), CustomField(new_id(), "Lait", FieldKind.SELECTION, ("vache",))
    known = Known(fields={milk.id: milk}, tiers=(10,))
    for broken in (
        ToggleField(field_id, is_on=False),
        ToggleField(milk.id),
        SelectionField(milk.id, frozenset({"avoine"})),
        ManualGroups(frozenset({field_id}), is_in=False),
    ):
        filters = FilterSet((RewardInSight(), broken))
        assert len(filters.missing(known)) == 1
        assert filters.condition(known) == NOBODY
    assert FilterSet((RewardInSight(),)).condition(Known()) == NOBODY


def test_the_printed_table_of_businesses() -> None:
    # rows 60, X1, X2
    short = {BusinessType.CONTRACTORS_LEISURE, BusinessType.TRANSPORT}
    for business, (regulars, lapsed) in RULES.items():
        weeks = 6 if business in short | {BusinessType.HEALTH_BEAUTY} else 8
        assert (regulars.visits, regulars.weeks) == (2 if business in short else 3, weeks)
        assert (lapsed.visits, lapsed.weeks) == (3, weeks)
        assert {regulars.comparator.value, lapsed.comparator.value} == {"more_than"}
    assert len(RULES) == 9
    for preset in Preset:
        for some in (None, *BusinessType):
            filters = preset_filters(preset, some)
            assert filters_from_json(filters_to_json(filters)) == filters
