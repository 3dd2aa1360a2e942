"""Where the fonts of the theme lie on this machine (Debian's fonts-inter and fonts-noto-core)."""

import os
from dataclasses import dataclass
from pathlib import Path

from kiosk.errors import FontMissingError

PLACES = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))


@dataclass(frozen=True)
class Fonts:
    """Files of the faces in use; ``figures`` has digits of equal width.

    Latin faces have no Arabic letters and the Arabic ones no Latin; one text may need both.
    """

    text: str
    strong: str
    display: str
    figures: str
    arabic: str
    arabic_strong: str


_FACES = {
    "text": ("Inter-Regular", "fonts-inter"),
    "strong": ("Inter-SemiBold", "fonts-inter"),
    "display": ("InterDisplay-SemiBold", "fonts-inter"),
    "figures": ("NotoSans-Bold", "fonts-noto-core"),
    "arabic": ("NotoSansArabic-Regular", "fonts-noto-core"),
    "arabic_strong": ("NotoSansArabic-Bold", "fonts-noto-core"),
}


def find_fonts(places: tuple[Path, ...] = PLACES) -> Fonts:
    """The faces by name, wherever they lie below ``places``.

    Raises:
        FontMissingError: One is not installed; the message names its Debian package.
    """
    wanted = {stem for stem, _ in _FACES.values()}
    found: dict[str, str] = {}
    for place in places:
        for folder, _, names in os.walk(place):
            for name in names:
                stem, dot, ending = name.rpartition(".")
                if dot and stem in wanted and ending in ("otf", "ttf"):
                    found.setdefault(stem, f"{folder}/{name}")
    for stem, package in _FACES.values():
        if stem not in found:
            raise FontMissingError(f"the font {stem} is not installed; install the package {package}")
    return Fonts(**{face: found[stem] for face, (stem, _) in _FACES.items()})
