"""The scenes of the kiosk that are photographed, and the made-up shop they play in; tests play them too.

``table`` lists them; ``visits``, ``accounts`` and ``staffed`` are what happens before a picture.
"""

from tools.scenes.actor import Actor, shop_settings
from tools.scenes.made_up import (
    CHALLENGE,
    DISCOUNT,
    ENTRIES,
    NOW,
    OWN_WORDS,
    SCAN_EVENT,
    SCAN_SESSION,
    STATUS,
    TIERS,
    member,
    sale,
    used,
)
from tools.scenes.table import SCENES, Scene

__all__ = [
    "CHALLENGE",
    "DISCOUNT",
    "ENTRIES",
    "NOW",
    "OWN_WORDS",
    "SCAN_EVENT",
    "SCAN_SESSION",
    "SCENES",
    "STATUS",
    "TIERS",
    "Actor",
    "Scene",
    "member",
    "sale",
    "shop_settings",
    "used",
]
