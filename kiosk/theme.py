"""Colours of the screens; that they can be read, :mod:`messaging.station.palette` sees to."""

from collections.abc import Mapping
from typing import NamedTuple, Self

from messaging.station.palette import DEFAULT_COLOURS

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

    paper: Rgba
    card: Rgba
    sand: Rgba
    sand_down: Rgba
    line: Rgba
    ink: Rgba
    muted: Rgba
    faint: Rgba
    brand: Rgba
    brand_down: Rgba
    leaf: Rgba
    dusk_top: Rgba
    dusk_bottom: Rgba
    mist: Rgba
    white: Rgba
    gold: Rgba
    gold_down: Rgba
    night: Rgba
    error: Rgba
    error_paper: Rgba
    caution: Rgba
    caution_paper: Rgba

    @classmethod
    def of(cls, colours: Mapping[str, str] = DEFAULT_COLOURS) -> Self:
        """The theme of ``#rrggbb`` colours by name."""
        return cls(**{name: rgba(colours[name]) for name in cls._fields})
