"""How a name sounds, roughly, in English and in French: a key that survives the usual misspellings."""

import re
from functools import lru_cache

_SOUNDS = tuple(
    pair.split(">")
    for pair in [
        "ph>f",
        "gh>g",
        "ck>k",
        "qu>k",
        "sch>s",
        "sh>s",
        "ch>s",
        "th>t",
        "wr>r",
        "kn>n",
        "mc>mk",
        "mac>mk",
        "x>ks",
        "z>s",
        "ce>se",
        "ci>si",
        "cy>si",
        "c>k",
        "q>k",
        "w>v",
        "b>p",
        "d>t",
        "j>g",
        "m>n",
    ]
)
_VOWELS = re.compile(r"[aeiouyh0-9 ]+")
_DOUBLES = re.compile(r"(.)\1+")


def sound(text: str) -> str:
    """Up to five consonants, similar ones put together; a vowel at the start shows as ``a``."""
    spoken = text.replace(" ", "")
    for written, heard in _SOUNDS:
        spoken = spoken.replace(written, heard)
    start = "a" if spoken[:1] in ("a", "e", "i", "o", "u", "y", "h") else ""
    return (start + _DOUBLES.sub(r"\1", _VOWELS.sub("", spoken)))[:5]


@lru_cache(maxsize=1 << 17)
def letters(text: str) -> str:
    """The letters in alphabetical order: what stays when they are mixed up."""
    return "".join(sorted(text.replace(" ", "")))
