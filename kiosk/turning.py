"""A panel that is mounted turned: the picture is turned on it, and what is touched with it.

The window does it, not the compositor or the kernel: those turn the picture alone, and leave the touches of
many panels where they were. Lengths here are parts of a side, so that no size is needed.
"""

from PIL import Image

from kiosk.configuration import Turn

_BACK = {
    90: Image.Transpose.ROTATE_90,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_270,
}
"""What undoes Kivy's rotation in rows from the bottom up: there it goes with the clock."""


def kivy_rotation(turn: Turn) -> int:
    """What Kivy calls the same: it counts against the clock."""
    return -turn % 360


def on_panel(x: float, y: float, rotation: int) -> tuple[float, float]:
    """Where on its panel a place of the upright picture lies; both from the lower left corner.

    Args:
        x: From the left.
        y: From below.
        rotation: Kivy's.
    """
    match rotation:
        case 90:
            return 1.0 - y, x
        case 180:
            return 1.0 - x, 1.0 - y
        case 270:
            return y, 1.0 - x
        case _:
            return x, y


def upright(pixels: bytes, width: int, height: int, rotation: int) -> tuple[bytes, int, int]:
    """The picture as somebody before the panel sees it.

    Args:
        pixels: RGB rows of the panel, from the bottom up, as what is returned.
        width: Of the panel.
        height: Of the panel.
        rotation: Kivy's.
    """
    if rotation == 0:
        return pixels, width, height
    turned = Image.frombytes("RGB", (width, height), pixels).transpose(_BACK[rotation])
    return turned.tobytes(), *turned.size
