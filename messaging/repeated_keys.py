"""A name that stands twice in one object: JSON leaves open which of the two counts, so neither does."""

import json
from typing import Any

_MAX_CHARS = 60


def repeated_key(document: bytes) -> str | None:
    """A name that stands twice in one object, however deep, cut to 60 characters; None for none."""
    found: list[str] = []

    def look(pairs: list[tuple[str, Any]]) -> None:
        names = [name for name, _ in pairs]
        if len(set(names)) < len(names):
            found.append(next(name for place, name in enumerate(names) if name in names[:place]))

    try:
        json.loads(document, object_pairs_hook=look)
    except (ValueError, RecursionError):
        return None
    return found[0][:_MAX_CHARS] if found else None
