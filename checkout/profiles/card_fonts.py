"""The letters of printed cards: Debian's fonts-noto-core, with accents and most of the world's scripts."""

import os
from functools import cache
from pathlib import Path

from checkout.errors import CardFontMissingError

PLACES = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
TEXT, STRONG = "NotoSans-Regular", "NotoSans-Bold"
FURTHER = (
    "NotoSansArabic-Bold",
    "NotoSansHebrew-Bold",
    "NotoSansDevanagari-Bold",
    "NotoSansGurmukhi-Bold",
    "NotoSansBengali-Bold",
    "NotoSansTamil-Bold",
    "NotoSansThai-Bold",
    "NotoSansArmenian-Bold",
    "NotoSansGeorgian-Bold",
)
"""Asked for letters that the first two lack; those that are not installed are done without."""


@cache
def card_fonts(places: tuple[Path, ...] = PLACES) -> dict[str, str]:
    """Files of the faces by their name.

    Raises:
        CardFontMissingError: The package is not installed.
    """
    wanted = {TEXT, STRONG, *FURTHER}
    found: dict[str, str] = {}
    for place in places:
        for folder, _, names in os.walk(place):
            for name in names:
                stem, _, ending = name.rpartition(".")
                if stem in wanted and ending == "ttf":
                    found.setdefault(stem, f"{folder}/{name}")
    if TEXT not in found or STRONG not in found:
        raise CardFontMissingError("cards need the letters of the Debian package fonts-noto-core")
    return found
