"""Labels that a shop's scales print: an EAN-13 beginning with 2 that holds an item and its price or weight.

Numbers from 20 to 29 are the shop's own (GS1 General Specifications 1.4, "restricted circulation"), so the
shop says how its scales lay them out: thirteen characters, digits as they stand on the label, ``I`` for the
item, ``P`` for the price in the smallest unit of the currency, ``W`` for grams, ``V`` for the check digit of
the price, ``C`` for that of the whole number.
"""

import re
from dataclasses import dataclass

from loyalty.domain.barcode import check_digit, has_check_digit

MAX_LAYOUTS = 8
_SHAPE = re.compile(r"(2\d?)(I{4,6})(?:(V?)(P{4,5})|(W{4,5}))C")

# GS1 General Specifications 7.9: weighting of single digits.
_TWO_MINUS = (0, 2, 4, 6, 8, 9, 1, 3, 5, 7)
_THREE = (0, 3, 6, 9, 2, 5, 8, 1, 4, 7)
_FIVE_PLUS = (0, 5, 1, 6, 2, 7, 3, 8, 4, 9)
_FIVE_MINUS = (0, 5, 9, 4, 8, 3, 7, 2, 6, 1)


@dataclass(frozen=True, slots=True)
class ScaleLabel:
    """What a label says. ``barcode`` is the item's number: the same label with nothing weighed."""

    barcode: str
    item_digits: str
    price_minor: int | None = None
    weight_g: int | None = None

    def price_at(self, price_a_kilogram_minor: int) -> int:
        """What the goods cost: as the label says, else by weight, halves upwards."""
        if self.price_minor is not None:
            return self.price_minor
        return (price_a_kilogram_minor * (self.weight_g or 0) + 500) // 1000


def is_layout(text: str) -> bool:
    """Whether the text lays a label out."""
    return len(text) == 13 and _SHAPE.fullmatch(text) is not None


def read_label(text: str, layouts: tuple[str, ...]) -> ScaleLabel | None:
    """What the first layout that fits makes of a number; None where none does, or a check digit is wrong.

    A label of price or weight zero says nothing: it stands for the item itself.
    """
    if len(text) != 13 or not (text.isascii() and text.isdigit()) or not has_check_digit(text):
        return None
    for layout in layouts:
        found = _read(text, layout) if is_layout(layout) else None
        if found is not None:
            return found
    return None


def price_check_digit(digits: str) -> str:
    """The check digit of a price of four or five digits (GS1 General Specifications 7.9.3 and 7.9.4)."""
    values = [int(digit) for digit in digits]
    if len(values) == 4:
        a, b, c, d = values
        return str(3 * (_TWO_MINUS[a] + _TWO_MINUS[b] + _THREE[c] + _FIVE_MINUS[d]) % 10)
    a, b, c, d, e = values
    total = _FIVE_PLUS[a] + _TWO_MINUS[b] + _FIVE_MINUS[c] + _FIVE_PLUS[d] + _TWO_MINUS[e]
    return str(_FIVE_MINUS.index(-total % 10))


def _read(text: str, layout: str) -> ScaleLabel | None:
    def part(letter: str) -> str:
        return "".join(digit for digit, sign in zip(text, layout, strict=True) if sign == letter)

    fixed = zip(text, layout, strict=True)
    if any(sign.isdigit() and digit != sign for digit, sign in fixed):
        return None
    price, weight, inner = part("P"), part("W"), part("V")
    if inner and price_check_digit(price) != inner:
        return None
    if int(price or weight) == 0:
        return None
    blank = "".join("0" if sign in "PWV" else digit for digit, sign in zip(text, layout, strict=True))
    return ScaleLabel(
        barcode=blank[:-1] + check_digit(blank[:-1]),
        item_digits=part("I"),
        price_minor=int(price) if price else None,
        weight_g=int(weight) if weight else None,
    )
