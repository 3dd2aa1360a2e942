"""Colours, sizes and fonts of the screens: the one place to change the look.

Texts keep a contrast of 7:1 and more with what lies behind them (WCAG 2.2, 1.4.6); :data:`TEXT_PAIRS`
names the pairs in use and a test measures them.
"""

from typing import NamedTuple

Rgba = tuple[float, float, float, float]


def rgba(colour: str, alpha: float = 1.0) -> Rgba:
    """A ``#rrggbb`` colour in parts of one."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return (red, green, blue, alpha)


class Theme(NamedTuple):
    """Colours by what they are for; ``#rrggbb``.

    Attributes:
        paper: Background of the screens where one does something.
        card: Raised surfaces on paper.
        sand: Quiet surfaces on paper.
        ink: Text.
        muted: Text that explains.
        brand: Main actions and the shop's colour.
        dusk_top: Upper end of the dark background; ``dusk_bottom`` the lower.
        mist: Explaining text on dusk.
        gold: The one accent.
        night: Text on gold.
    """

    paper: Rgba = rgba("#FAF6EE")
    card: Rgba = rgba("#FFFFFF")
    sand: Rgba = rgba("#EFE8DB")
    sand_down: Rgba = rgba("#DDD3C0")
    line: Rgba = rgba("#DED5C4")
    ink: Rgba = rgba("#17211E")
    muted: Rgba = rgba("#3D4642")
    faint: Rgba = rgba("#8A918D")
    brand: Rgba = rgba("#0C4A3E")
    brand_down: Rgba = rgba("#07322A")
    leaf: Rgba = rgba("#E3EEE6")
    dusk_top: Rgba = rgba("#093D33")
    dusk_bottom: Rgba = rgba("#041A14")
    mist: Rgba = rgba("#D8E8E1")
    white: Rgba = rgba("#FFFFFF")
    gold: Rgba = rgba("#F4BE5B")
    gold_down: Rgba = rgba("#E2A63A")
    night: Rgba = rgba("#062019")
    error: Rgba = rgba("#8E1B1B")
    error_paper: Rgba = rgba("#FDEDEC")
    caution: Rgba = rgba("#5A3A00")
    caution_paper: Rgba = rgba("#FFF3D6")


TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    ("ink", "paper"),
    ("ink", "card"),
    ("ink", "sand"),
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
    ("error", "error_paper"),
    ("caution", "caution_paper"),
)
"""Text colour and background, each pair in use."""


def contrast(one: Rgba, other: Rgba) -> float:
    """Contrast ratio of two opaque colours, 1 to 21 (WCAG 2.2, definition of contrast ratio)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Rgba) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3]
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
