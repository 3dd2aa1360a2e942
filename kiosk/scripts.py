"""Scripts that run from the right and whose letters join: text brought into the order it is drawn in.

Kivy's text provider draws one letter after the other, left to right, as it gets them. So letters are
joined here (:func:`joined`) before lines are broken, and each broken line is put into the order of the
Unicode bidirectional algorithm (:func:`drawn_order`).
"""

import re
import unicodedata
from collections.abc import Iterator

import arabic_reshaper
from bidi import get_display

RIGHT_TO_LEFT: frozenset[str] = frozenset({"ar", "fa", "he", "ur"})
"""Languages (ISO 639-1) whose screens are mirrored."""

_ARABIC = "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff"
_FROM_THE_RIGHT = re.compile(f"[\u0590-\u05ff{_ARABIC}]")
_RUN = re.compile(f"[{_ARABIC}]+(?:[ \u00a0]+[{_ARABIC}]+)*")
_CONTROLS = dict.fromkeys((*range(0x200E, 0x2010), 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_FROM_LEFT, _AS_BEFORE = "\u2066", "\u2069"
_TURNED = {"(": ")", "[": "]", "{": "}", "<": ">", "«": "»", "‹": "›"}
_RARE = tuple((chr(at), chr(at + 1)) for at in (*range(0x2983, 0x2998, 2), *range(0x27E6, 0x27EF, 2)))
"""Pairs of brackets that no text here holds."""

_RARE_SIGNS = dict.fromkeys(ord(sign) for pair in _RARE for sign in pair)

_reshaper = arabic_reshaper.ArabicReshaper({"delete_harakat": True, "support_ligatures": True})


def runs_from_the_right(text: str) -> bool:
    """Whether any letter of the text belongs to a script that is written from the right."""
    return _FROM_THE_RIGHT.search(text) is not None


def joined(text: str) -> str:
    """The text with its Arabic letters in the forms they have beside their neighbours; order unchanged."""
    return str(_reshaper.reshape(text)) if runs_from_the_right(text) else text


def base_is_right(text: str, *, screen_is_right: bool) -> bool:
    """Whether the text as a whole runs from the right.

    A sentence of the screen's own language may begin with a foreign name, so the screen decides where it
    is mirrored itself; elsewhere the first letter does.
    """
    if not runs_from_the_right(text):
        return False
    if screen_is_right:
        return True
    strong = (unicodedata.bidirectional(char) for char in text)
    return next((kind != "L" for kind in strong if kind in ("L", "R", "AL")), False)


def drawn_order(line: str, *, base_right: bool) -> str:
    """One line from left to right as it is drawn, brackets turned, without marks of direction."""
    # The library keeps pairs of brackets together but turns none. So each pair goes through it as one of
    # its own, which tells by its order whether it came to lie in a part from the right.
    signs = list(line.translate(_RARE_SIGNS))
    pairs = list(zip(_bracket_pairs(signs), _RARE, strict=False))
    shapes = [(signs[first], signs[last]) for (first, last), _ in pairs]
    for (first, last), rare in pairs:
        signs[first], signs[last] = rare
    drawn = str(get_display("".join(signs), base_dir="R" if base_right else "L"))
    for shape, (_, (first_sign, last_sign)) in zip(shapes, pairs, strict=True):
        turned = drawn.index(first_sign) > drawn.index(last_sign)
        left, right = reversed(shape) if turned else shape
        drawn = drawn.replace(first_sign, left).replace(last_sign, right)
    return drawn.translate(_CONTROLS)


def _bracket_pairs(signs: list[str]) -> Iterator[tuple[int, int]]:
    """Places of brackets that belong together, in the order of writing."""
    open_ones: list[int] = []
    for at, sign in enumerate(signs):
        if sign in _TURNED:
            open_ones.append(at)
        elif open_ones and sign == _TURNED[signs[open_ones[-1]]]:
            yield open_ones.pop(), at


def pieces(drawn: str) -> Iterator[tuple[str, bool]]:
    """The parts of a drawn line that one font can draw, each with whether it is Arabic."""
    at = 0
    for found in _RUN.finditer(drawn):
        if found.start() > at:
            yield drawn[at : found.start()], False
        yield found.group(), True
        at = found.end()
    if at < len(drawn):
        yield drawn[at:], False


def from_the_left(text: str) -> str:
    """A number or code that keeps its order inside a sentence from the right, as ``+33 6 12`` does."""
    return f"{_FROM_LEFT}{text}{_AS_BEFORE}"
