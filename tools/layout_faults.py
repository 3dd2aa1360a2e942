"""Finds what a person would call broken: text cut off, outside the window, or over other text."""

from typing import Any

_SLACK_PX = 1.5


def layout_faults(window: Any) -> list[str]:
    """One line for each fault in what the window shows now."""
    faults: list[str] = []
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
        left, bottom, right, top = box = _ink_box(label)
        if left < -1 or bottom < -1 or right > window.width + 1 or top > window.height + 1:
            faults.append(f"text outside the window: {text!r}")
        boxes.append((text, box))
    for at, (one, first) in enumerate(boxes):
        for other, second in boxes[at + 1 :]:
            if _overlap(first, second):
                faults.append(f"text over text: {one!r} and {other!r}")
    return faults


def visible_labels(window: Any) -> list[Any]:
    from kivy.uix.label import Label  # noqa: PLC0415 - the window opens on import

    over = [
        child
        for child in window.children[0].children
        if type(child).__name__ in ("StillThere", "LanguageChoice")
    ]
    found: list[Any] = []

    def visit(widget: Any) -> None:
        if widget.opacity == 0 or widget.width <= 0 or widget.height <= 0:
            return
        if isinstance(widget, Label) and widget.text.strip():
            found.append(widget)
        for child in widget.children:
            visit(child)

    for root in over or window.children:
        visit(root)
    return found


def _needed_height(label: Any) -> float:
    """Of a text that was given a fixed height, which silently loses the lines that do not fit."""
    if label.text_size[1] is None or label.shorten:
        return 0.0
    from kivy.core.text import Label as CoreLabel  # noqa: PLC0415 - the window opens on import
    from kivy.core.text.markup import MarkupLabel  # noqa: PLC0415 - the window opens on import

    kind = MarkupLabel if label.markup else CoreLabel
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


def _ink_box(label: Any) -> tuple[float, float, float, float]:
    """Where the texture lies in the window: left, bottom, right, top."""
    width, height = label.texture_size
    x, y = label.to_window(*label.center)
    wide = min(width, label.width)
    tall = min(height, label.height)
    return (x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2)


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    slack = 3.0  # fonts keep air above and below their letters
    return (
        one[0] + slack < other[2]
        and other[0] + slack < one[2]
        and one[1] + slack < other[3]
        and other[1] + slack < one[3]
    )
