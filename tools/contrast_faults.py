"""Finds what cannot be seen well: texts and drawings beside what the picture really has behind them.

The palette is checked where it is set (:mod:`messaging.station.palette`); this looks at the drawn window, so
that a colour on the wrong ground, an opacity, or something that lies over a text is found too.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from PIL import Image, ImageChops

from messaging.station.palette import LEAST_CONTRAST, contrast

_LEAST_OF_DRAWINGS = 3.0
"""WCAG 2.2, 1.4.11; texts have :data:`LEAST_CONTRAST` of 1.4.6."""

_STEP = 16
"""Colours closer than this in each part are one ground: a gradient has many."""

_GROUND_SHARE = 0.15
"""Of a box; what covers less of it lies between letter and ground, or is another's edge."""

_INK_SHARE = 0.4
"""Of the contrast that thin strokes have left when their edges are smoothed."""

_AROUND_PX = 6

Rgb = tuple[int, int, int]
Box = tuple[float, float, float, float]
Colour = tuple[float, float, float, float]


class Picture(NamedTuple):
    """A drawn window: RGB rows from the bottom up."""

    pixels: bytes
    width: int
    height: int

    def colours(self, box: Box) -> Counter[Rgb]:
        """How often each colour occurs in a box of the window."""
        left, bottom, right, top = (round(side) for side in box)
        inside = (max(0, left), max(0, bottom), min(self.width, right), min(self.height, top))
        if inside[0] >= inside[2] or inside[1] >= inside[3]:
            return Counter()
        piece = self._image().crop(inside)
        found: list[tuple[int, Rgb]] = piece.getcolors(piece.width * piece.height)  # type: ignore[assignment]
        return Counter({colour: count for count, colour in found})

    def around_ink(self, box: Box, ink: Rgb) -> Box:
        """The part of a box that has this ink, and a little around it; all of it where there is none."""
        left, bottom, right, top = box
        piece = self._image().crop((round(left), round(bottom), round(right), round(top)))
        near = [
            part.point([255 if abs(value - full) <= _STEP else 0 for value in range(256)])
            for part, full in zip(piece.split(), ink, strict=True)
        ]
        found = ImageChops.darker(ImageChops.darker(near[0], near[1]), near[2]).getbbox()
        if found is None:
            return box
        return (
            max(left, left + found[0] - _AROUND_PX),
            max(bottom, bottom + found[1] - _AROUND_PX),
            min(right, left + found[2] + _AROUND_PX),
            min(top, bottom + found[3] + _AROUND_PX),
        )

    def _image(self) -> Image.Image:
        return Image.frombuffer("RGB", (self.width, self.height), self.pixels, "raw", "RGB", 0, 1)


def contrast_faults(window: Any, picture: Picture) -> list[str]:
    """One line for each text below 7:1, and each drawing below 3:1, on what is behind it in the picture."""
    faults: list[str] = []
    for what, ink, box, least in _drawn(window, picture):
        colours = picture.colours(box)
        if not colours:
            continue
        worst = min(_against(ink, ground) for ground in _grounds(colours, ink))
        if worst < least:
            faults.append(f"low contrast: {what} {worst:.1f}:1, {least:.0f}:1 is needed")
        elif _strongest(colours) < worst * _INK_SHARE:
            faults.append(f"hardly drawn: {what} {_strongest(colours):.1f}:1 of {worst:.1f}:1")
    return faults


def _drawn(window: Any, picture: Picture) -> Iterator[tuple[str, Colour, Box, float]]:
    """What has to be seen: its name, its ink, its box in the window and the contrast that it needs."""
    from kiosk.screens.shapes import Icon  # noqa: PLC0415 - the window opens on import
    from kiosk.screens.widgets import CheckBoxMark  # noqa: PLC0415 - the window opens on import
    from tools.layout_faults import ink_box, visible, visible_labels, widget_box  # noqa: PLC0415

    for label in visible_labels(window):
        ink = label.disabled_color if label.disabled else label.color
        # A line's box is as wide as its place, and what lies at its end is not behind its letters.
        box = picture.around_ink(ink_box(label), _full(ink))
        yield repr(label.text[:40]), _seen(label, ink), box, LEAST_CONTRAST
    for widget in visible(window):
        if isinstance(widget, Icon) and widget.kind and widget.ink[3] > 0:
            yield f"icon {widget.kind}", _seen(widget, widget.ink), widget_box(widget), _LEAST_OF_DRAWINGS
        elif isinstance(widget, CheckBoxMark):
            left, bottom, right, top = widget_box(widget)
            edge = 0.25 * widget.height
            around = (left - edge, bottom - edge, right + edge, top + edge)
            yield "edge of a box to tick", _seen(widget, widget.edge), around, _LEAST_OF_DRAWINGS


def _seen(widget: Any, ink: Any) -> Colour:
    """The ink with the opacity of all that the widget is in."""
    red, green, blue, alpha = ink
    while widget is not None and widget.parent is not widget:
        alpha *= getattr(widget, "opacity", 1)
        widget = widget.parent
    return red, green, blue, alpha


def _grounds(colours: Counter[Rgb], ink: Colour) -> list[Rgb]:
    """The colours that cover much of a box and are not the ink: the commonest of each kind."""
    full = _full(ink)
    kinds: dict[Rgb, Counter[Rgb]] = {}
    for colour, count in colours.items():
        if max(abs(one - other) for one, other in zip(colour, full, strict=True)) > _STEP:
            kinds.setdefault(tuple(part // _STEP for part in colour), Counter())[colour] = count  # type: ignore[arg-type]
    whole = sum(colours.values())
    wide = [kind for kind in kinds.values() if kind.total() >= whole * _GROUND_SHARE]
    if not wide:  # the ink alone, or a ground of ever other colours
        wide = sorted(kinds.values(), key=Counter.total)[-1:] or [colours]
    return [kind.most_common(1)[0][0] for kind in wide]


def _full(ink: Colour) -> Rgb:
    red, green, blue = (round(part * 255) for part in ink[:3])
    return red, green, blue


def _against(ink: Colour, ground: Rgb) -> float:
    mixed = (part * 255 * ink[3] + under * (1 - ink[3]) for part, under in zip(ink[:3], ground, strict=True))
    return contrast(_hex(*(round(part) for part in mixed)), _hex(*ground))


def _strongest(colours: Counter[Rgb]) -> float:
    by_light = sorted(colours, key=lambda colour: 3 * colour[0] + 10 * colour[1] + colour[2])
    return contrast(_hex(*by_light[0]), _hex(*by_light[-1]))


def _hex(*parts: int) -> str:
    return "#" + "".join(f"{part:02X}" for part in parts)
