"""What stands on the screen in words: read from the widgets that are drawn, for an accepted mirror."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from kivy.core.window import Window
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.label import Label
from kivy.utils import escape_markup

from kiosk.screens.stage import Overlay, Stage
from messaging.local.from_kiosk import TextShown

_MOST = 200
_VISIBLE = 0.05


def texts_shown(stage: Stage) -> tuple[TextShown, ...]:
    """Every text that can be seen and will stay, upper ones first; a button's texts have its box."""
    shown = [child for child in reversed(stage.children) if child is not stage.leaving]
    found = chain.from_iterable(_walk(child, None, 1.0) for child in shown)
    return tuple(sorted(found, key=lambda text: (round(text.y, 2), text.x)))[:_MOST]


def texts_read(stage: Stage | None) -> tuple[TextShown, ...]:
    """What may be read aloud, upper texts first: under an overlay only that; no lines of anybody's."""
    if stage is None:
        return ()
    over = [child for child in stage.children if isinstance(child, Overlay)]
    found = chain.from_iterable(
        _walk(child, None, 1.0, aloud=True) for child in over[:1] or reversed(stage.children)
    )
    return tuple(sorted(found, key=lambda text: (round(text.y, 2), text.x)))[:_MOST]


def _walk(widget: Any, button: Any, opacity: float, *, aloud: bool = False) -> Iterator[TextShown]:
    if aloud and not getattr(widget, "is_read_aloud", True):
        return
    opacity *= widget.opacity
    if opacity < _VISIBLE:
        return
    if isinstance(widget, ButtonBehavior) and not widget.disabled:
        button = widget
    if isinstance(widget, Label) and widget.text.strip() and widget.color[3] > _VISIBLE:
        shown = _boxed(widget, button)
        if shown is not None:
            yield shown
    for child in reversed(widget.children):
        yield from _walk(child, button, opacity, aloud=aloud)


def _boxed(label: Any, button: Any) -> TextShown | None:
    box = button or label
    left, bottom = box.to_window(box.x, box.y)
    width, height = Window.size
    if left + box.width <= 0 or left >= width or bottom + box.height <= 0 or bottom >= height:
        return None
    return TextShown(
        text=_plain(label),
        x=max(0.0, left / width),
        y=max(0.0, 1 - (bottom + box.height) / height),
        width=box.width / width,
        height=box.height / height,
        touchable=button is not None,
    )


def _plain(label: Any) -> str:
    """The text without Kivy's markup."""
    text = str(label.text)
    if label.markup:
        pieces = [piece for piece in label._label.markup if not piece.startswith("[")]
        text = "".join(pieces)
        for sign in ("&", "[", "]"):
            text = text.replace(escape_markup(sign), sign)
    return text
