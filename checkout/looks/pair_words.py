"""Names of the colours of a screen, for whoever chose one that cannot be read."""

import math
from collections.abc import Iterable

from checkout.words import Words
from messaging.station.palette import LEAST_CONTRAST, Shortfall

_TEXTS: dict[str, str] = {
    "ink": "Dark text",
    "muted": "Explaining text",
    "brand": "Text in the brand colour",
    "white": "White text",
    "mist": "Pale text",
    "gold": "Text in the accent colour",
    "night": "Dark text",
    "error": "Red text",
    "caution": "Brown text",
}

_GROUNDS: dict[str, str] = {
    "paper": "on the background",
    "card": "on a white card",
    "sand": "on a quiet button",
    "sand_down": "on a touched quiet button",
    "leaf": "on a chosen card",
    "brand": "on a button in the brand colour",
    "brand_down": "on a touched button in the brand colour",
    "dusk_top": "at the top of the dark background",
    "dusk_bottom": "at the foot of the dark background",
    "gold": "on a button in the accent colour",
    "gold_down": "on a touched button in the accent colour",
    "error_paper": "on a note of an error",
    "caution_paper": "on the band at the top",
}


def pair_lines(words: Words, pairs: Iterable[Shortfall]) -> list[str]:
    """A sentence for each pair: what stands on what, its contrast, and the one that is needed."""
    return [
        words.text(
            "{what} {where}: {contrast} to 1, at least {least} to 1 is needed",
            what=words.text(_TEXTS[pair.text]),
            where=words.text(_GROUNDS[pair.behind]),
            contrast=f"{math.floor(pair.contrast * 10) / 10}".replace(".", words.decimal_mark),
            least=f"{LEAST_CONTRAST:.0f}",
        )
        for pair in pairs
    ]
