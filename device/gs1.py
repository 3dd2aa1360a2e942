"""GS1 element strings, as on packages: of all that they hold, the item's number is what a counter needs.

``(01)`` and fourteen digits name the item; lot, date and serial number stand beside it in any order, some
closed by a group separator (GS, which scanners also type as ``^]``). GS1 codes name no customer. After the
GS1 General Specifications.
"""

import re
from collections.abc import Iterator

from device.scanners.aim import split_identifier

GROUP_SEPARATOR = "\x1d"

_MARKED = frozenset({"]C1", "]e0", "]d2", "]Q3", "]J1"})
"""AIM identifiers of codes that begin with FNC1, which says that elements follow."""

_ITEM = "01"
_BEGINS_WITH_ITEM = re.compile(r"01\d{14}", re.ASCII)
_LENGTHS = {
    "00": 20, _ITEM: 16, "02": 16, "03": 16, "04": 18, "20": 4, "41": 16,
    **{f"{number}": 8 for number in range(11, 20)},
    **{f"{number}": 10 for number in range(31, 37)},
}  # fmt: skip
"""Characters of an element whose length its first two digits fix, these included (section 7.8.5)."""


def without_elements(text: str) -> str:
    """A code of GS1 elements as its AIM identifier and the item's number alone; any other text as it is.

    The number has as many digits as the bar code on the same shelf: 8, 12 or 13, or 14 of a whole carton.
    Elements that name no item keep a separator, or get one where FNC1 stands, and are refused for it.
    """
    identifier, _, body = split_identifier(text)
    if identifier in _MARKED or _BEGINS_WITH_ITEM.match(body):
        body = body.replace("^]", GROUP_SEPARATOR)
    if identifier not in _MARKED and GROUP_SEPARATOR not in body:
        return text
    items = {element[2:] for element in _elements(body) if element.startswith(_ITEM)}
    numbers = [number for number in items if re.fullmatch(r"\d{14}", number, re.ASCII) and _is_right(number)]
    if len(numbers) == 1 == len(items):
        return identifier + _as_on_the_shelf(numbers[0])
    return identifier + GROUP_SEPARATOR + body.removeprefix(GROUP_SEPARATOR)


def _elements(body: str) -> Iterator[str]:
    """Each with the two, three or four digits that say what it is."""
    while body := body.lstrip(GROUP_SEPARATOR):
        length = _LENGTHS.get(body[:2])
        element = body.partition(GROUP_SEPARATOR)[0]
        if length is not None:
            element = element[:length]
        yield element
        body = body[len(element) :]


def _is_right(number: str) -> bool:
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(number))
    return weighted % 10 == 0


def _as_on_the_shelf(number: str) -> str:
    for zeros, length in ((6, 8), (2, 12), (1, 13)):
        if number.startswith("0" * zeros):
            return number[-length:]
    return number
