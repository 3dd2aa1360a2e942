"""Text of any script in one label: what Kivy's own text provider cannot draw, Pillow does.

A label without a letter from the right is Kivy's as it ever was. Any other is shaped before its lines are
broken, ordered line by line, and drawn piece by piece on one base line, each with the font that has its
letters (see :mod:`kiosk.scripts`).
"""

from functools import lru_cache
from typing import Any

from kivy.app import App
from kivy.core.image import ImageData
from kivy.core.text import Label as CoreLabel
from kivy.uix.label import Label
from PIL import Image, ImageDraw, ImageFont

from kiosk.fonts import Fonts
from kiosk.scripts import base_is_right, drawn_order, joined, pieces, runs_from_the_right

_TALLER = 1.22
"""Lines with Arabic letters are this much higher: dots hang below tails, hamzas stand on stems."""

_DEEPER = 1.04
"""Their base line lies this much deeper."""

_LARGER = 1.02
"""Arabic letters beside Latin ones of the same size look small."""


class AnyScript(CoreLabel):
    """Kivy's text drawer, for every script that the fonts of the theme have."""

    _from_right = False
    _base_right = False

    def __init__(self, text: str = "", **options: Any) -> None:
        super().__init__(text, **options)
        self.text = text

    def _set_text(self, text: str) -> None:
        self._from_right = runs_from_the_right(text)
        self._base_right = self._from_right and base_is_right(text, screen_is_right=_screen_is_right())
        self._text = joined(text)

    text = property(lambda self: self._text, _set_text)

    def get_extents(self, text: str) -> tuple[int, int]:
        """Width and height in pixels."""
        if not self._from_right:
            return tuple(super().get_extents(text))
        height = super().get_extents("")[1] or super().get_extents(" ")[1]
        return round(self._across(text)), round(height * _TALLER)

    def _across(self, text: str) -> float:
        return sum(self._font(arabic=arabic).getlength(piece) for piece, arabic in pieces(text))

    def _font(self, *, arabic: bool) -> ImageFont.FreeTypeFont:
        path, size = self.options["font_name_r"], self.options["font_size"]
        return _font(_arabic_face(path), round(size * _LARGER)) if arabic else _font(path, round(size))

    def _render_begin(self) -> None:
        if self._from_right:
            self._mask = Image.new("L", (max(1, int(self._size[0])), max(1, int(self._size[1]))), 0)
        else:
            super()._render_begin()

    def _render_text(self, text: str, x: float, y: float) -> None:
        if not self._from_right:
            super()._render_text(text, x, y)
            return
        drawer = ImageDraw.Draw(self._mask)
        base_line = int(y + self.get_ascent() * _DEEPER)
        for piece, arabic in pieces(drawn_order(text, base_right=self._base_right)):
            font = self._font(arabic=arabic)
            drawer.text((x, base_line), piece, font=font, fill=255, anchor="ls")
            x += font.getlength(piece)

    def _render_end(self) -> Any:
        if not self._from_right:
            return super()._render_end()
        red, green, blue, alpha = (round(part * 255) for part in self.options["color"])
        picture = Image.new("RGBA", self._mask.size, (red, green, blue, 0))
        picture.putalpha(self._mask if alpha == 255 else self._mask.point(lambda ink: ink * alpha // 255))
        width, height = picture.size
        return ImageData(width, height, "rgba", picture.tobytes())


class Lettered(Label):
    """Kivy's label with :class:`AnyScript` for its drawer, but where it has markup."""

    _label: Any

    def _create_label(self) -> None:
        if self.markup:
            super()._create_label()
        elif type(self._label) is not AnyScript:
            given = {name: getattr(self, name) for name in self._font_properties}
            given["usersize"] = self.text_size
            if self.disabled:
                given["color"] = self.disabled_color
                given["outline_color"] = self.disabled_outline_color
            self._label = AnyScript(**given)


def measured(text: str, font_name: str, font_size: float) -> float:
    """Width in pixels of the widest line of a text."""
    label = AnyScript(text=text, font_name=font_name, font_size=font_size)
    return float(max((label.get_extents(line)[0] for line in label.text.split("\n")), default=0))


def _screen_is_right() -> bool:
    app = App.get_running_app()
    return bool(app is not None and app.rtl)


def _arabic_face(path: str) -> str:
    fonts: Fonts = App.get_running_app().fonts
    return fonts.arabic if path == fonts.text else fonts.arabic_strong


@lru_cache(maxsize=64)
def _font(path: str, size: int) -> ImageFont.FreeTypeFont:
    # Letters arrive joined and in order, so that the result is the same with and without libraqm.
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)
