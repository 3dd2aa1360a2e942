"""Finds what a person would call broken on the screen.

Text cut off, outside the window or over other text; things to touch that are small, in each other's way,
outside, or out of reach.
"""

from collections.abc import Iterator
from typing import Any

_SLACK_PX = 1.5
_LEAST_TARGET_U = 56
"""Units of the reference panel, where they are pixels: 11 mm on 7 inches."""

_REACH = 0.8
"""Part of a tall window, from below, in which all controls are: the top is for reading."""


def layout_faults(window: Any) -> list[str]:
    """One line for each fault in what the window shows now."""
    faults = _band_faults(window)
    boxes: list[tuple[str, tuple[float, float, float, float]]] = []
    for label in visible_labels(window):
        text = label.text.replace("\n", " / ")[:50]
        width, height = label.texture_size
        if width > label.width + _SLACK_PX or height > label.height + _SLACK_PX:
            faults.append(
                f"text larger than its place: {text!r} {width:.0f}x{height:.0f}"
                f" in {label.width:.0f}x{label.height:.0f}"
            )
        if _needed_height(label) > label.height + _SLACK_PX:
            faults.append(f"lines of the text are cut off: {text!r}")
        left, bottom, right, top = box = ink_box(label)
        if left < -1 or bottom < -1 or right > window.width + 1 or top > window.height + 1:
            faults.append(f"text outside the window: {text!r}")
        if _is_outside_card(label, box):
            faults.append(f"text outside its card: {text!r}")
        boxes.append((text, box))
    for at, (one, first) in enumerate(boxes):
        for other, second in boxes[at + 1 :]:
            if _overlap(first, second):
                faults.append(f"text over text: {one!r} and {other!r}")
    return faults


def _band_faults(window: Any) -> list[str]:
    """What the band at the top lies over, while it says something."""
    from kiosk.screens.shapes import Icon  # noqa: PLC0415 - the window opens on import
    from kiosk.screens.stage import Band  # noqa: PLC0415 - the window opens on import

    shown = list(visible(window))
    band = next((widget for widget in shown if isinstance(widget, Band) and widget.text), None)
    if band is None:
        return []
    edge = widget_box(band)[1] + _SLACK_PX
    texts = [label for label in visible_labels(window) if label.parent is not band]
    under = [label.text for label in texts if ink_box(label)[3] > edge]
    under += [icon.kind for icon in shown if isinstance(icon, Icon) and widget_box(icon)[3] > edge]
    return [f"under the band: {what[:30]!r}" for what in under]


def _is_outside_card(label: Any, box: tuple[float, float, float, float]) -> bool:
    from kiosk.screens.widgets import Card  # noqa: PLC0415 - the window opens on import

    widget = label.parent
    while widget is not None and widget.parent is not widget and not isinstance(widget, Card):
        widget = widget.parent
    if not isinstance(widget, Card):
        return False
    left, bottom, right, top = widget_box(widget)
    return box[0] < left - 1 or box[1] < bottom - 1 or box[2] > right + 1 or box[3] > top + 1


def visible_labels(window: Any) -> list[Any]:
    from kivy.uix.label import Label  # noqa: PLC0415 - the window opens on import

    return [widget for widget in visible(window) if isinstance(widget, Label) and widget.text.strip()]


def visible_signs(window: Any) -> list[str]:
    """Texts and names of icons that can be seen now, sorted: what is left of a screen without colour."""
    from kiosk.screens.shapes import Icon  # noqa: PLC0415 - the window opens on import

    texts = [label.text for label in visible_labels(window)]
    icons = [
        f"icon {widget.kind}" for widget in visible(window) if isinstance(widget, Icon) and widget.ink[3] > 0
    ]
    return sorted(texts + icons)


def target_faults(window: Any, unit: float) -> list[str]:
    """One line for each fault of what can be touched now; ``unit`` is the reference pixel."""
    faults: list[str] = []
    targets = [(_name(widget), widget_box(widget)) for widget in visible_targets(window)]
    tall = window.height > window.width
    for at, (name, box) in enumerate(targets):
        left, bottom, right, top = box
        if min(right - left, top - bottom) < _LEAST_TARGET_U * unit - 0.5:
            faults.append(f"small target: {name} {(right - left) / unit:.0f}x{(top - bottom) / unit:.0f}")
        if left < -0.5 or bottom < -0.5 or right > window.width + 0.5 or top > window.height + 0.5:
            faults.append(f"target outside the window: {name}")
        if tall and top > window.height * _REACH + 0.5:
            faults.append(f"target out of reach: {name} up to {top / window.height:.0%}")
        for other, second in targets[at + 1 :]:
            if _overlap(box, second, 0.5):
                faults.append(f"target over target: {name} and {other}")
    return faults


def visible_targets(window: Any) -> list[Any]:
    from kivy.uix.behaviors import ButtonBehavior  # noqa: PLC0415 - the window opens on import

    from kiosk.screens.stage import Scrim  # noqa: PLC0415 - the window opens on import

    return [
        widget
        for widget in visible(window)
        if isinstance(widget, ButtonBehavior) and not isinstance(widget, Scrim) and not widget.disabled
    ]


def visible(window: Any) -> Iterator[Any]:
    """What is not hidden; under an overlay, only the overlay."""
    from kiosk.screens.stage import Overlay  # noqa: PLC0415 - the window opens on import

    over = [child for child in window.children[0].children if isinstance(child, Overlay)]
    for root in over[:1] or window.children:
        yield from _shown(root)


def _shown(widget: Any) -> Iterator[Any]:
    if widget.opacity == 0 or widget.width <= 0 or widget.height <= 0:
        return
    yield widget
    for child in widget.children:
        yield from _shown(child)


def _name(widget: Any) -> str:
    text = getattr(widget, "text", "") or getattr(widget, "title", "")
    return f"{type(widget).__name__} {text[:30]!r}"


def widget_box(widget: Any) -> tuple[float, float, float, float]:
    """Where a widget lies in the window: left, bottom, right, top."""
    left, bottom = widget.to_window(widget.x, widget.y)
    return (left, bottom, left + widget.width, bottom + widget.height)


def _needed_height(label: Any) -> float:
    """Of a text that was given a fixed height, which silently loses the lines that do not fit."""
    if label.text_size[1] is None or label.shorten:
        return 0.0
    from kivy.core.text.markup import MarkupLabel  # noqa: PLC0415 - the window opens on import

    from kiosk.screens.lettering import AnyScript  # noqa: PLC0415 - the window opens on import

    kind = MarkupLabel if label.markup else AnyScript
    measure = kind(
        text=label.text,
        font_name=label.font_name,
        font_size=label.font_size,
        line_height=label.line_height,
        text_size=(label.text_size[0], None),
        padding=label.padding,
    )
    measure.refresh()
    return float(measure.size[1])


def ink_box(label: Any) -> tuple[float, float, float, float]:
    """Where the texture lies in the window: left, bottom, right, top."""
    width, height = label.texture_size
    x, y = label.to_window(*label.center)
    wide = min(width, label.width)
    tall = min(height, label.height)
    return (x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2)


def _overlap(one: tuple[float, ...], other: tuple[float, ...], slack: float = 3.0) -> bool:
    """Slack, because fonts keep air above and below their letters."""
    return (
        one[0] + slack < other[2]
        and other[0] + slack < one[2]
        and one[1] + slack < other[3]
        and other[1] + slack < one[3]
    )
