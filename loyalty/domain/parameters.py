"""Parameters of rules, rewards and policies as JSON: a kind, a version, and fields checked by the class.

One codec for every registry (``ACCRUAL_RULES``, ``REWARDS``, ``EXPIRY_POLICIES`` …): what comes out of a
database, a form or an API is as good as what a constructor accepts, or is refused with its reason.
"""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from typing import Any, ClassVar, Protocol, TypeVar
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from loyalty.errors import InvalidValueError

PARAMETERS_VERSION = 1
"""Grows when a stored form must be read in another way than the class as it is now."""


class Registered(Protocol):
    """A frozen dataclass that a registry knows by its kind."""

    kind: ClassVar[str]


_R = TypeVar("_R", bound=Registered)


def to_parameters(value: Registered) -> dict[str, Any]:
    """``{"kind": …, "v": 1, …}``: JSON values only, sets sorted, so that equal values give equal text."""
    encoded = _encoded(value)
    return {"kind": value.kind, "v": PARAMETERS_VERSION, **encoded}


def from_parameters(registry: Mapping[str, type[_R]], parameters: Mapping[str, Any]) -> _R:
    """The value that ``to_parameters`` gave, made by the class that the kind names.

    A missing ``v`` counts as version 1. Numbers are not taken for text, nor text for numbers.

    Raises:
        InvalidValueError: The kind or version is unknown, a field is missing, unknown or of a wrong
            type, or the class refuses the value.
    """
    given = dict(parameters)
    kind = given.pop("kind", None)
    version = given.pop("v", PARAMETERS_VERSION)
    cls = registry.get(kind) if isinstance(kind, str) else None
    if cls is None:
        raise InvalidValueError(f"unknown kind {kind!r}", known=", ".join(sorted(registry)))
    if version != PARAMETERS_VERSION:
        raise InvalidValueError(f"version {version!r} of {kind} is unknown", known=PARAMETERS_VERSION)
    try:
        value: _R = _adapter(cls).validate_json(json.dumps(given), strict=True)
    except (ValidationError, TypeError, ValueError) as error:
        raise InvalidValueError(f"the parameters of {kind} are wrong: {_first(error)}") from error
    unknown = _unknown_keys(given, _encoded(value))
    if unknown:
        raise InvalidValueError(f"{kind} has no parameter {unknown[0]}")
    return value


@cache
def _adapter(cls: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(cls)


def _encoded(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _encoded(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _encoded(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, frozenset | set):
        return sorted(_encoded(each) for each in value)
    if isinstance(value, list | tuple):
        return [_encoded(each) for each in value]
    return _encoded_scalar(value)


def _encoded_scalar(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value


def _unknown_keys(given: Any, known: Any) -> list[str]:
    if isinstance(given, Mapping) and isinstance(known, Mapping):
        here = [str(key) for key in given if key not in known]
        return here + [
            key for name in given if name in known for key in _unknown_keys(given[name], known[name])
        ]
    if isinstance(given, list) and isinstance(known, list):
        return [key for pair in zip(given, known, strict=False) for key in _unknown_keys(*pair)]
    return []


def _first(error: Exception) -> str:
    if isinstance(error, ValidationError):
        fault = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
    return str(error)
