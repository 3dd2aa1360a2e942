"""How the shop's customers' screens look: what the shop chose of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PromiseWords:
    """What the idle screen says in one language."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class KioskLook:
    """Good as it is: a shop changes what it wants to.

    Attributes:
        brand: ``#RRGGBB`` of main actions and dark backgrounds; empty for the house's, as the other two.
        accent: Of the one thing to do on dark screens.
        paper: Of light backgrounds.
        logo_base64: A small PNG; empty where the shop's name stands alone.
        promises: By ISO 639-1 language; another language has the house's words.
    """

    brand: str = ""
    accent: str = ""
    paper: str = ""
    logo_base64: str = ""
    promises: Mapping[str, PromiseWords] = field(default_factory=dict)
    revision: int = 0


DEFAULT_KIOSK_LOOK = KioskLook()
"""The look of a shop that chose nothing yet."""
