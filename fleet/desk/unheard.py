"""What is said of a device that nobody has heard of: most often its name was mistyped."""

from collections.abc import Sequence
from difflib import get_close_matches

_NAMED = 3
_NEAR = 0.5
"""The last part of a name alone is still near it."""


def never_heard(device: str, heard: Sequence[str]) -> str:
    """That it is unknown, and which of those that were heard are written much like it, or the first ones.

    Args:
        device: As it was typed.
        heard: Names of all devices that have reported.
    """
    if not heard:
        return f"{device} has never been heard; no device has reported yet"
    near = get_close_matches(device, heard, n=_NAMED, cutoff=_NEAR)
    if near:
        return f"{device} has never been heard; did you mean {' or '.join(near)}?"
    more = len(heard) - _NAMED
    rest = f" and {more} more" if more > 0 else ""
    return f"{device} has never been heard; known are {', '.join(heard[:_NAMED])}{rest}"
