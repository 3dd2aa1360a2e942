"""Drawn things: icons, the card, the dark gradient. No pictures, so that all sizes are sharp."""

import base64
import io
import logging
import random
from collections.abc import Callable
from typing import Any

import segno
from kivy.clock import Clock
from kivy.graphics import Color, SmoothEllipse, SmoothLine
from kivy.graphics.texture import Texture
from kivy.properties import ColorProperty, NumericProperty, StringProperty
from kivy.uix.widget import Widget
from PIL import Image, ImageDraw, ImageFilter

from kiosk.theme import Rgba

_log = logging.getLogger(__name__)

_MOST_LOGO_PIXELS = 1_000_000

_CARD_TEXT = "COMPTOIR"
"""What the code on the drawn card says: nothing that opens anything."""


def dusk_texture(top: Rgba, bottom: Rgba, steps: int = 256) -> Any:
    """A vertical gradient with a little fixed noise, so that it does not band."""
    noise = random.Random(7)  # noqa: S311 - draws, guards nothing
    width = 64
    pixels = bytearray()
    for row in range(steps):
        share = row / (steps - 1)
        share = share * share * (3 - 2 * share)
        for _ in range(width):
            for part in range(3):
                value = (bottom[part] * (1 - share) + top[part] * share) * 255 + noise.random() - 0.5
                pixels.append(max(0, min(255, round(value))))
    texture = Texture.create(size=(width, steps), colorfmt="rgb")
    texture.blit_buffer(bytes(pixels), colorfmt="rgb", bufferfmt="ubyte")
    return texture


def code_texture(dark: Rgba, light: Rgba, text: str = _CARD_TEXT, border: int = 1) -> Any:
    """A QR code, one texel a module; without a text that on the drawn card."""
    code = segno.make(text, error="m", micro=False)
    rows = [list(row) for row in code.matrix_iter(border=border)]
    inks = [bytes(round(part * 255) for part in colour[:3]) for colour in (light, dark)]
    pixels = b"".join(inks[1 if cell else 0] for row in reversed(rows) for cell in row)
    texture = Texture.create(size=(len(rows), len(rows)), colorfmt="rgb")
    texture.mag_filter = "nearest"
    texture.blit_buffer(pixels, colorfmt="rgb", bufferfmt="ubyte")
    return texture


def logo_texture(base64_png: str) -> Any:
    """The shop's logo; None where there is none, or where it is no picture after all."""
    if not base64_png:
        return None
    try:
        with Image.open(io.BytesIO(base64.b64decode(base64_png, validate=True)), formats=("PNG",)) as picture:
            if picture.width * picture.height > _MOST_LOGO_PIXELS:
                raise ValueError("too many pixels")
            drawn = picture.convert("RGBA").transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    except (OSError, ValueError, SyntaxError):
        _log.warning("the shop's logo cannot be drawn")
        return None
    texture = Texture.create(size=drawn.size, colorfmt="rgba", mipmap=True)
    texture.min_filter = "linear_mipmap_linear"
    texture.blit_buffer(drawn.tobytes(), colorfmt="rgba", bufferfmt="ubyte")
    return texture


def soft_texture() -> Any:
    """A blurred round-cornered square, white, to be stretched under things as their shadow.

    128 texels wide; the shape begins 40 texels from the edge and its corners have a radius of 24, so that
    a border of 64 texels holds a whole corner.
    """
    shape = Image.new("L", (128, 128), 0)
    ImageDraw.Draw(shape).rounded_rectangle((40, 40, 87, 87), 24, fill=255)
    alpha = shape.filter(ImageFilter.GaussianBlur(11)).tobytes()
    pixels = b"".join(b"\xff\xff\xff" + alpha[at : at + 1] for at in range(len(alpha)))
    texture = Texture.create(size=(128, 128), colorfmt="rgba")
    texture.blit_buffer(pixels, colorfmt="rgba", bufferfmt="ubyte")
    return texture


class Icon(Widget):
    """A line drawing in a square of 24 units, scaled to the widget.

    ``kind`` is a name of :data:`DRAWINGS`; nothing is drawn where it is empty, or where nobody would see it.
    """

    kind = StringProperty("check")
    ink = ColorProperty((0, 0, 0, 1))
    stroke = NumericProperty(2.0)
    """Line width in units of the drawing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        drawing = Clock.create_trigger(self._draw, -1)
        for name in ("pos", "size", "kind", "ink", "stroke", "opacity"):
            self.fbind(name, drawing)
        drawing()

    def _draw(self, *_: Any) -> None:
        self.canvas.clear()
        side = min(self.width, self.height)
        if side <= 0 or not self.kind or not self.opacity:
            return
        scale = side / 24
        # Not center_x: it is cached, and still the old one while a move is being told.
        left, bottom = self.x + (self.width - side) / 2, self.y + (self.height - side) / 2

        def line(*points: float, close: bool = False) -> None:
            placed = [(left if at % 2 == 0 else bottom) + value * scale for at, value in enumerate(points)]
            SmoothLine(points=placed, width=self.stroke * scale / 2, joint="round", cap="round", close=close)

        def ring(
            x: float, y: float, width: float, height: float, *, begin: float = 0, end: float = 360
        ) -> None:
            place = (left + x * scale, bottom + y * scale, width * scale, height * scale)
            SmoothLine(
                ellipse=(*place, begin, end, 48),
                width=self.stroke * scale / 2,
            )

        def dot(x: float, y: float, size: float) -> None:
            SmoothEllipse(pos=(left + x * scale, bottom + y * scale), size=(size * scale, size * scale))

        with self.canvas:
            Color(*self.ink)
            DRAWINGS.get(self.kind, _check)(line, ring, dot)


Line = Callable[..., None]
Ring = Callable[..., None]
Dot = Callable[[float, float, float], None]


def _check(line: Line, _ring: Ring, _dot: Dot) -> None:
    line(5, 12.5, 10, 7.5, 19.5, 17.5)


def _plus(line: Line, _ring: Ring, _dot: Dot) -> None:
    line(12, 5.5, 12, 18.5)
    line(5.5, 12, 18.5, 12)


def _cross(line: Line, _ring: Ring, _dot: Dot) -> None:
    line(6.5, 6.5, 17.5, 17.5)
    line(6.5, 17.5, 17.5, 6.5)


def _attention(line: Line, _ring: Ring, dot: Dot) -> None:
    line(12, 20, 12, 10.5)
    dot(10.7, 4.6, 2.6)


def _question(line: Line, ring: Ring, dot: Dot) -> None:
    ring(7.7, 10.8, 8.6, 8.6, begin=-80, end=150)
    line(14.15, 11.38, 12, 9.9, 12, 8.7)
    dot(10.75, 4.2, 2.5)


def _pause(line: Line, _ring: Ring, _dot: Dot) -> None:
    line(9, 6.5, 9, 17.5)
    line(15, 6.5, 15, 17.5)


def _erase(line: Line, _ring: Ring, _dot: Dot) -> None:
    line(1.5, 12, 8, 18.5, 22, 18.5, 22, 5.5, 8, 5.5, close=True)
    line(12, 15, 18, 9)
    line(12, 9, 18, 15)


def _globe(line: Line, ring: Ring, _dot: Dot) -> None:
    ring(3, 3, 18, 18)
    ring(8, 3, 8, 18)
    line(3.3, 12, 20.7, 12)


def _card(line: Line, _ring: Ring, _dot: Dot) -> None:
    line(2.5, 6, 2.5, 18, 21.5, 18, 21.5, 6, close=True)
    line(2.5, 14.2, 21.5, 14.2)
    line(6, 9.3, 10.5, 9.3)


def _next(line: Line, _ring: Ring, _dot: Dot) -> None:
    line(9.5, 5.5, 16, 12, 9.5, 18.5)


def _before(line: Line, _ring: Ring, _dot: Dot) -> None:
    line(14.5, 5.5, 8, 12, 14.5, 18.5)


def _below(line: Line, _ring: Ring, _dot: Dot) -> None:
    line(5.5, 14.5, 12, 8, 18.5, 14.5)


def _list(line: Line, _ring: Ring, dot: Dot) -> None:
    for y in (6.5, 12.0, 17.5):
        line(9, y, 20, y)
        dot(3.8, y - 1.2, 2.4)


def _phone(line: Line, _ring: Ring, dot: Dot) -> None:
    line(7, 2.5, 7, 21.5, 17, 21.5, 17, 2.5, close=True)
    dot(11, 4.2, 2)


def _shield(line: Line, _ring: Ring, _dot: Dot) -> None:
    line(12, 21.5, 20, 18.5, 19.4, 10, 16.5, 5.2, 12, 2.5, 7.5, 5.2, 4.6, 10, 4, 18.5, close=True)
    line(8.5, 12, 11, 9.5, 15.5, 14.5)


def _camera(line: Line, ring: Ring, _dot: Dot) -> None:
    line(2.5, 5, 2.5, 17, 7.5, 17, 9.5, 20, 14.5, 20, 16.5, 17, 21.5, 17, 21.5, 5, close=True)
    ring(8, 7, 8, 8)


def _person(line: Line, ring: Ring, _dot: Dot) -> None:
    ring(8, 12.5, 8, 8)
    line(4, 3.5, 5.5, 7.5, 9, 9.5, 15, 9.5, 18.5, 7.5, 20, 3.5)


def _pencil(line: Line, _ring: Ring, _dot: Dot) -> None:
    line(4, 4, 5, 8.4, 16.6, 20, 20, 16.6, 8.4, 5, close=True)


def _tag(line: Line, _ring: Ring, dot: Dot) -> None:
    line(3.5, 11, 3.5, 20.5, 13, 20.5, 21, 12.3, 12, 3.2, close=True)
    dot(6.8, 15.4, 2.4)


def _basket(line: Line, _ring: Ring, _dot: Dot) -> None:
    line(4, 15, 6, 4.5, 18, 4.5, 20, 15, close=True)
    line(8.5, 15, 10.5, 20)
    line(15.5, 15, 13.5, 20)


DRAWINGS: dict[str, Callable[[Line, Ring, Dot], None]] = {
    "check": _check,
    "cross": _cross,
    "plus": _plus,
    "attention": _attention,
    "question": _question,
    "pause": _pause,
    "erase": _erase,
    "globe": _globe,
    "card": _card,
    "next": _next,
    "before": _before,
    "below": _below,
    "list": _list,
    "phone": _phone,
    "shield": _shield,
    "camera": _camera,
    "person": _person,
    "pencil": _pencil,
    "tag": _tag,
    "basket": _basket,
}
"""Icons by name."""
