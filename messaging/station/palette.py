"""From the shop's three colours to all colours of its customers' screens, and whether they can be read.

The station asks before it keeps a look and the kiosk before it wears one, with the same figures: texts keep
a contrast of 7:1 and more with what lies behind them (WCAG 2.2, 1.4.6).
"""

from collections.abc import Mapping
from typing import NamedTuple

LEAST_CONTRAST = 7.0

DEFAULT_COLOURS: Mapping[str, str] = {
    "paper": "#FAF6EE",
    "card": "#FFFFFF",
    "sand": "#EFE8DB",
    "sand_down": "#DDD3C0",
    "line": "#DED5C4",
    "ink": "#17211E",
    "muted": "#3D4642",
    "faint": "#8A918D",
    "brand": "#0C4A3E",
    "brand_down": "#07322A",
    "leaf": "#E3EEE6",
    "dusk_top": "#093D33",
    "dusk_bottom": "#041A14",
    "mist": "#D8E8E1",
    "white": "#FFFFFF",
    "gold": "#F4BE5B",
    "gold_down": "#E2A63A",
    "night": "#062019",
    "error": "#8E1B1B",
    "error_paper": "#FDEDEC",
    "caution": "#5A3A00",
    "caution_paper": "#FFF3D6",
}
"""Colours by what they are for; ``#RRGGBB``."""

TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    ("ink", "paper"),
    ("ink", "card"),
    ("ink", "sand"),
    ("ink", "sand_down"),
    ("muted", "paper"),
    ("muted", "card"),
    ("muted", "sand"),
    ("brand", "paper"),
    ("brand", "card"),
    ("brand", "leaf"),
    ("white", "brand"),
    ("white", "brand_down"),
    ("white", "dusk_top"),
    ("white", "dusk_bottom"),
    ("mist", "dusk_top"),
    ("mist", "dusk_bottom"),
    ("mist", "brand"),
    ("gold", "dusk_top"),
    ("gold", "dusk_bottom"),
    ("night", "gold"),
    ("night", "gold_down"),
    ("error", "card"),
    ("error", "paper"),
    ("error", "error_paper"),
    ("caution", "caution_paper"),
)
"""Text colour and background, each pair in use."""

_DARKER_STEP = 0.96
_STEPS = 80


class Shortfall(NamedTuple):
    """A pair of :data:`TEXT_PAIRS` that cannot be read well."""

    text: str
    behind: str
    contrast: float


def palette(brand: str, accent: str, paper: str) -> dict[str, str]:
    """All colours by what they are for, from three ``#RRGGBB``; the house's own where these are its three."""
    own = (DEFAULT_COLOURS["brand"], DEFAULT_COLOURS["gold"], DEFAULT_COLOURS["paper"])
    if (brand.upper(), accent.upper(), paper.upper()) == own:
        return dict(DEFAULT_COLOURS)
    return {
        **DEFAULT_COLOURS,
        "paper": paper.upper(),
        "sand": _scaled(paper, 0.94),
        "sand_down": _scaled(paper, 0.86),
        "line": _scaled(paper, 0.87),
        "brand": brand.upper(),
        "brand_down": _scaled(brand, 0.68),
        "leaf": _mixed(brand, "#FFFFFF", 0.11),
        "dusk_top": _scaled(brand, 0.80),
        "dusk_bottom": _scaled(brand, 0.34),
        "mist": _mixed(brand, "#FFFFFF", 0.14),
        "gold": accent.upper(),
        "gold_down": _scaled(accent, 0.90),
        "night": _scaled(brand, 0.36),
    }


def shortfalls(colours: Mapping[str, str]) -> list[Shortfall]:
    """The pairs of a palette below :data:`LEAST_CONTRAST`, the worst first."""
    found = [Shortfall(text, behind, contrast(colours[text], colours[behind])) for text, behind in TEXT_PAIRS]
    return sorted((pair for pair in found if pair.contrast < LEAST_CONTRAST), key=lambda pair: pair.contrast)


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two ``#RRGGBB``, 1 to 21 (WCAG 2.2, definition of contrast ratio)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable_brand(brand: str, accent: str, paper: str) -> str | None:
    """The lightest shade of ``brand``, at most as light as it is, that can be read; None where none can."""
    shade = brand
    for _ in range(_STEPS):
        if not shortfalls(palette(shade, accent, paper)):
            return shade.upper()
        shade = _scaled(shade, _DARKER_STEP)
    return None


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _hex(*parts: float) -> str:
    return "#" + "".join(f"{round(min(255.0, max(0.0, part))):02X}" for part in parts)


def _scaled(colour: str, by: float) -> str:
    return _hex(*(part * by for part in _parts(colour)))


def _mixed(one: str, other: str, share: float) -> str:
    pairs = zip(_parts(one), _parts(other), strict=True)
    return _hex(*(first * share + second * (1 - share) for first, second in pairs))


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (whole / 255 for whole in _parts(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
