"""What a device is made of and how each part is, in words; its own account is for whoever mends it."""

from collections.abc import Mapping
from typing import Final, Literal

from checkout.words.catalogue import Words

Health = Literal["ok", "degraded", "down", "absent"]

PART_TEXTS: Final[Mapping[str, str]] = {
    "camera": "Camera",
    "certificate": "Pass to the station",
    "decoder": "Reading of codes",
    "kiosk": "Screen",
    "outbox": "Kept on the kiosk",
    "signals": "Lamp and buzzer",
    "uplink": "Line to the station",
}
"""Parts of every device; any other is a scanner, by the name that its configuration gives it."""

HEALTH_TEXTS: Final[Mapping[Health, str]] = {
    "ok": "works",
    "degraded": "works in part",
    "down": "does not work",
    "absent": "is missing",
}


def part_said(words: Words, name: str, health: Health) -> str:
    """``Screen: works``, ``Scanner “front”: is missing``."""
    known = PART_TEXTS.get(name)
    part = words.text(known) if known else words.text("Scanner “{part}”", part=name)
    return words.text("{part}: {health}", part=part, health=words.text(HEALTH_TEXTS[health]))
