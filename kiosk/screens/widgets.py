"""What all screens are built from. Looks stand in ``style.kv``."""

from typing import Any

from kivy.app import App
from kivy.properties import BooleanProperty, ColorProperty, ListProperty, NumericProperty, StringProperty
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.widget import Widget

from kiosk.screens.fingers import OneFinger
from kiosk.screens.lettering import Lettered, measured
from kiosk.screens.sides import Box

_MOST_LINES = 2
_WRAPS_AT = 0.95
"""Of the width: Kivy counts the space after a word too."""

_LINE_HEIGHT = 1.48
"""Of Arabic letters, the highest."""


class OneLine(Lettered):
    """Text on one line that shrinks where a language needs more room.

    Attributes:
        base: Font size in units.
        pad: Room kept free left and right, in units.
        scale: Pixels of a letter's unit.
        smallest: How far it may shrink before the layout would have to change instead.
    """

    base = NumericProperty(18)
    pad = NumericProperty(0)
    smallest = NumericProperty(0.6)
    scale = NumericProperty(0)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name in ("text", "width", "height", "base", "pad", "smallest", "font_name", "scale"):
            self.fbind(name, self._fit)
        self._fit()

    def _fit(self, *_: Any) -> None:
        unit = App.get_running_app().u
        size = self.base * unit
        if self.scale > unit:  # larger letters, as far as the line's box has room for them
            lines = self.text.count("\n") + 1
            size = max(size, min(self.base * self.scale, self.height / (_LINE_HEIGHT * lines)))
        room = self.width - 2 * self.pad * unit
        if self.text and room > 0:
            needed = measured(self.text, self.font_name, size)
            if needed > room:
                size *= max(self.smallest, room / needed * 0.985)
        self.font_size = size


class TwoLines(Lettered):
    """Text on one line or on two, as large as its words allow.

    Attributes:
        base: Largest font size in units.
        least: Smallest.
    """

    base = NumericProperty(18)
    least = NumericProperty(11)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name in ("text", "size", "base", "font_name"):
            self.fbind(name, self._fit)
        self._fit()

    def _fit(self, *_: Any) -> None:
        unit = App.get_running_app().u
        size = self.base
        while size > self.least and not self._has_room(size * unit):
            size -= 1
        self.font_size = size * unit

    def _has_room(self, font_size: float) -> bool:
        lines = self._lines(font_size)
        return lines <= _MOST_LINES and lines * font_size * _LINE_HEIGHT <= self.height

    def _lines(self, font_size: float) -> int:
        """How many lines it takes; more than two also where a word alone is too wide."""
        lines, line, room = 1, "", self.width * _WRAPS_AT
        for word in self.text.split(" "):
            longer = f"{line} {word}".strip()
            if measured(longer, self.font_name, font_size) <= room:
                line = longer
                continue
            if measured(word, self.font_name, font_size) > room:
                return _MOST_LINES + 1
            lines, line = lines + 1, word
        return lines


class Row(Box):
    """A box of one orientation of the window: ``only`` is ``wide``, ``tall`` or empty for both."""

    only = StringProperty("")


class Tap(OneFinger, OneLine):
    """Something to touch; ``down`` while touched."""

    down = BooleanProperty(False)

    def on_state(self, _: Any, state: str) -> None:
        self.down = state == "down"


class Pill(Tap):
    """A fully rounded button."""

    fill = ColorProperty((1, 1, 1, 1))
    fill_down = ColorProperty((1, 1, 1, 1))
    edge = ColorProperty((0, 0, 0, 0))
    ink = ColorProperty((0, 0, 0, 1))


class GoldPill(Pill):
    """The one thing to do on a dark screen; ``quiet`` where nobody is asked to do it."""

    quiet = BooleanProperty(False)


class LiftedPill(GoldPill):
    """The same with a shadow, on the screen that invites."""


class BrandPill(Pill):
    """The one thing to do on a paper screen."""

    quiet = BooleanProperty(False)


class LinePill(Pill):
    """Another way, on paper."""


class SandPill(Pill):
    """Another way, quieter."""


class GlassPill(Pill):
    """Another way, on dark screens."""

    chosen = BooleanProperty(False)


class LanguagePill(Pill):
    """Opens the choice of languages; on every screen."""

    dark = BooleanProperty(False)


class Key(Tap):
    """A key of a pad; acts when it is touched, not when it is let go."""

    radius = NumericProperty(18)


class IconKey(Key):
    """A key with a drawing on it."""

    icon = StringProperty("")


class Txt(Lettered):
    """Text that wraps and is as high as it needs."""


class Words(Lettered):
    """Text in a box of a given size."""


class Card(Box):
    """A raised surface."""

    fill = ColorProperty((1, 1, 1, 1))
    edge = ColorProperty((0, 0, 0, 0))
    radius = NumericProperty(20)
    lift = NumericProperty(0.10)


class TapCard(OneFinger, Card):
    """A raised surface to touch."""

    down = BooleanProperty(False)

    def on_state(self, _: Any, state: str) -> None:
        self.down = state == "down"


class CheckBoxMark(Widget):
    """A box, ticked or not: told apart by the tick, not by colour alone."""

    ticked = BooleanProperty(False)
    edge = ColorProperty((0, 0, 0, 1))


class Controls(Box):
    """What can be touched on every screen; at the foot of tall windows, within reach of everybody."""


class TopBar(Box):
    """Brand on one side, language on the other.

    Attributes:
        title: Stands in the brand's place where it is given.
        aside: Text of a quiet button beside the language; none where it is empty.
        on_aside: Dispatched when that button is touched.
    """

    dark = BooleanProperty(False)
    title = StringProperty("")
    aside = StringProperty("")

    __events__ = ("on_aside",)

    def on_aside(self, *_: Any) -> None:
        """For the rules to say what follows."""


class LoyaltyCard(Widget):
    """The drawn card, ``tilt`` degrees turned."""

    tilt = NumericProperty(-7)


class Paper(Widget):
    """The light background. Not drawn where clearing the window has given it its colour already."""


class Dusk(Widget):
    """The dark background with its two large circles."""


class Bar(Widget):
    """A share of a way, 0 to 1."""

    share = NumericProperty(0)
    fill = ColorProperty((1, 1, 1, 1))
    trough = ColorProperty((0, 0, 0, 0.2))


class Disc(FloatLayout):
    """A round field with an icon, or with a short text and a word under it."""

    kind = StringProperty("check")
    fill = ColorProperty((1, 1, 1, 1))
    ink = ColorProperty((0, 0, 0, 1))
    halo = ListProperty([1, 1, 1, 0.06])
    figure = StringProperty("")
    word = StringProperty("")


class NoticeLine(Box):
    """How something went: icon and sentence."""

    text = StringProperty("")
    good = BooleanProperty(True)
