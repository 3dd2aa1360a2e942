"""What is said of a device that nobody has heard of: most often its name was mistyped."""

from collections.abc import Sequence
from itertools import takewhile

_NAMED = 3
_NEAR = 0.6
"""Share of a name's signs that are the same from its beginning and its end."""


def never_heard(device: str, heard: Sequence[str]) -> str:
    """That it is unknown, and which of those that were heard are written much like it, or the first ones.

    Args:
        device: As it was typed.
        heard: Names of all devices that have reported.
    """
    if not heard:
        return f"{device} has never been heard; no device has reported yet"
    alike = {name: _likeness(device, name) for name in heard}
    near = sorted((name for name in heard if alike[name] >= _NEAR), key=lambda name: (-alike[name], name))
    if near:
        return f"{device} has never been heard; did you mean {' or '.join(near[:_NAMED])}?"
    more = len(heard) - _NAMED
    rest = f" and {more} more" if more > 0 else ""
    return f"{device} has never been heard; known are {', '.join(heard[:_NAMED])}{rest}"


def _likeness(typed: str, name: str) -> float:
    """Names differ in a digit or two, so where they differ says more than how much."""
    if typed and typed in name:
        return 1.0
    begin = _same(typed, name)
    end = _same(typed[begin:][::-1], name[begin:][::-1])
    return (begin + end) / max(len(typed), len(name))


def _same(one: str, other: str) -> int:
    """How many signs they begin with alike."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
