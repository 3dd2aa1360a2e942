"""GS1 element strings, as on packages: of all that they hold, the item's number is what a counter needs.

``(01)`` and fourteen digits name the item; lot, date and serial number follow, some closed by a group
separator (GS, which scanners also type as ``^]``). GS1 codes name no customer. After the GS1 General
Specifications.
"""

import re

from device.scanners.aim import split_identifier

GROUP_SEPARATOR = "\x1d"

_MARKED = frozenset({"]C1", "]e0", "]d2", "]Q3", "]J1"})
"""AIM identifiers of codes that begin with FNC1, which says that elements follow."""
_ITEM = re.compile(r"01(\d{14})", re.ASCII)


def without_elements(text: str) -> str:
    """A code of GS1 elements as its AIM identifier and the item's number alone; any other text as it is.

    The number has as many digits as the bar code on the same shelf: 8, 12 or 13, or 14 of a whole carton.
    Elements that name no item stay as they are, so that their separators get them refused.
    """
    identifier, _, body = split_identifier(text)
    is_marked = identifier in _MARKED or GROUP_SEPARATOR in body
    found = _ITEM.match(body.removeprefix(GROUP_SEPARATOR).removeprefix("^]")) if is_marked else None
    if found is None or not _is_right(found[1]):
        return text
    return identifier + _as_on_the_shelf(found[1])


def _is_right(number: str) -> bool:
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(number))
    return weighted % 10 == 0


def _as_on_the_shelf(number: str) -> str:
    for zeros, length in ((6, 8), (2, 12), (1, 13)):
        if number.startswith("0" * zeros):
            return number[-length:]
    return number
