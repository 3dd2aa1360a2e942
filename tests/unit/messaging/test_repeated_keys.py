"""Names that stand twice in one object of a JSON text."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.repeated_keys import repeated_key

TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("document", "name"),
    [
        (b'{"a": 1, "a": 1}', "a"),
        (b'{"x": [{"b": 1}, {"b": 1, "c": {"d": 1, "d": 2}}]}', "d"),
        (b'{"a": 1, "\\u0061": 2}', "a"),
        (b'[{"a": 1}, {"a": 2}]', None),
        (b'{"a": {"a": {"a": 1}}}', None),
        (b'{"a": NaN, "b": 1e999}', None),
        (b"", None),
        (b"{", None),
        (b"\xff\xfe", None),
        (b"[" * 100_000, None),
    ],
)
def test_a_name_is_found_wherever_it_stands_twice(document: bytes, name: str | None) -> None:
    assert repeated_key(document) == name


@given(TREES)
def test_what_a_serialiser_writes_repeats_nothing(tree: object) -> None:
    assert repeated_key(json.dumps(tree).encode()) is None


@given(st.binary(max_size=200))
def test_any_bytes_are_looked_at(document: bytes) -> None:
    repeated_key(document)
