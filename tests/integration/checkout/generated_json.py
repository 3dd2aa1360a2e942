"""Hypothesis strategies from JSON schemas, as far as the description of the interface uses them."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def fitting(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """Values that a schema allows; ``schemas`` are those that references name."""
    if "$ref" in schema:
        return fitting(schemas[schema["$ref"].rsplit("/", 1)[1]], schemas)
    for union in ("anyOf", "oneOf"):
        if union in schema:
            return st.one_of([fitting(each, schemas) for each in schema[union]])
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    return _OF_TYPE[schema["type"]](schema, schemas)


def spoilt(value: Any) -> st.SearchStrategy[Any]:
    """The value with one place replaced by anything, one left out, or one more."""
    if not isinstance(value, dict) or not value:
        return ANYTHING
    some = st.sampled_from(sorted(value))
    without = some.map(lambda name: {key: each for key, each in value.items() if key != name})
    other = st.tuples(some, ANYTHING).map(lambda pair: {**value, pair[0]: pair[1]})
    more = st.tuples(st.text(min_size=1, max_size=8), ANYTHING).map(lambda pair: {**value, pair[0]: pair[1]})
    return st.one_of(without, other, more)


def _object(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    parts = {name: fitting(each, schemas) for name, each in schema.get("properties", {}).items()}
    needed = set(schema.get("required", ()))
    return st.fixed_dictionaries(
        {name: each for name, each in parts.items() if name in needed},
        optional={name: each for name, each in parts.items() if name not in needed},
    )


def _array(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    most = min(schema.get("maxItems", 4), 4)
    return st.lists(fitting(schema["items"], schemas), min_size=schema.get("minItems", 0), max_size=most)


def _string(schema: Mapping[str, Any], _schemas: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    if schema.get("format") == "uuid":
        return st.uuids().map(str)
    if "pattern" in schema:
        texts = st.from_regex(schema["pattern"], fullmatch=True)
        return texts.filter(lambda text: len(text) <= schema.get("maxLength", 1_000))
    return st.text(min_size=schema.get("minLength", 0), max_size=min(schema.get("maxLength", 30), 30))


def _integer(schema: Mapping[str, Any], _schemas: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    return st.integers(schema.get("minimum", -(2**53)), schema.get("maximum", 2**53))


_OF_TYPE = {
    "object": _object,
    "array": _array,
    "string": _string,
    "integer": _integer,
    "boolean": lambda _schema, _schemas: st.booleans(),
    "null": lambda _schema, _schemas: st.none(),
}
