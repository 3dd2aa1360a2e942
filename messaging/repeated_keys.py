"""A name that stands twice in one object: JSON leaves open which of the two counts, so neither does."""

import json
from typing import Any

_MAX_CHARS = 60


class _RepeatedError(Exception):
    """Ends the reading; never leaves this module."""


def repeated_key(document: bytes) -> str | None:
    """The first name that stands twice in one object, however deep, cut to 60 characters; None for none."""

    def checked(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names: set[str] = set()
        for name, _ in pairs:
            if name in names:
                raise _RepeatedError(name)
            names.add(name)
        return {}

    try:
        json.loads(document, object_pairs_hook=checked)
    except _RepeatedError as error:
        return str(error)[:_MAX_CHARS]
    except (ValueError, RecursionError):
        return None
    return None
