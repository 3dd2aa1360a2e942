"""Boxes that begin on the side where the language begins."""

from collections.abc import Iterator
from typing import Any

from kivy.properties import BooleanProperty
from kivy.uix.boxlayout import BoxLayout


class Box(BoxLayout):
    """A box layout that is its own mirror image where the language runs from the right.

    What must keep its order in every language, such as a keypad, is a plain ``BoxLayout``.
    """

    rtl = BooleanProperty(False)

    def on_rtl(self, *_: Any) -> None:
        """Lay out anew."""
        self._trigger_layout()

    def _iterate_layout(self, sizes: Any) -> Iterator[tuple[int, float, float, float, float]]:
        for at, x, y, width, height in super()._iterate_layout(sizes):
            yield at, (self.x + self.right - x - width if self.rtl else x), y, width, height
