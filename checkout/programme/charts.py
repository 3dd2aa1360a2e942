"""Bar charts as plain geometry, drawn by a template as SVG; the figures stand beside them as a table."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 420, 232
_TOP, _BOTTOM, _LEFT, _RIGHT = 26, 30, 6, 6
_MAX_BAR_WIDTH = 34
_GAP = 3


@dataclass(frozen=True)
class Series:
    """One row of values; ``tone`` is its CSS class."""

    name: str
    tone: str
    values: tuple[int, ...]


@dataclass(frozen=True)
class Bar:
    """A bar with its top rounded; ``text`` stands above it where there is room."""

    x: float
    y: float
    width: float
    height: float
    tone: str
    text: str
    title: str

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True)
class Label:
    """A text below the bars."""

    x: float
    text: str


@dataclass(frozen=True)
class BarChart:
    """Geometry in the units of the view box ``0 0 WIDTH HEIGHT``."""

    bars: tuple[Bar, ...]
    labels: tuple[Label, ...]
    lines: tuple[float, ...]
    base: float
    series: tuple[Series, ...]
    is_empty: bool
    width: int = WIDTH
    height: int = HEIGHT


def bar_chart(labels: Sequence[str], series: Sequence[Series], texts: Sequence[Sequence[str]]) -> BarChart:
    """A chart of one group of bars for each label.

    Args:
        labels: Below the groups.
        series: Values, one for each label; below zero counts as zero in the drawing.
        texts: For each series the values as text.
    """
    base = float(HEIGHT - _BOTTOM)
    room = base - _TOP
    top = max((value for row in series for value in row.values), default=0)
    slot = (WIDTH - _LEFT - _RIGHT) / max(1, len(labels))
    width = min(_MAX_BAR_WIDTH, (slot - 6) / max(1, len(series)) - _GAP)
    group = len(series) * width + (len(series) - 1) * _GAP
    bars: list[Bar] = []
    for place, label in enumerate(labels):
        left = _LEFT + slot * place + (slot - group) / 2
        for at, row in enumerate(series):
            value = max(0, row.values[place])
            height = room * value / top if top > 0 else 0.0
            bars.append(
                Bar(
                    x=round(left + at * (width + _GAP), 1),
                    y=round(base - height, 1),
                    width=round(width, 1),
                    height=round(height, 1),
                    tone=row.tone,
                    text=texts[at][place] if value else "",
                    title=f"{label} · {row.name} : {texts[at][place]}",
                )
            )
    return BarChart(
        bars=tuple(bars),
        labels=tuple(
            Label(round(_LEFT + slot * (place + 0.5), 1), text) for place, text in enumerate(labels)
        ),
        lines=tuple(round(base - room * share, 1) for share in (0.25, 0.5, 0.75, 1.0)),
        base=base,
        series=tuple(series),
        is_empty=top <= 0,
    )
