"""What cannot be seen well in a picture of the kiosk's window is found, and what can is not."""

from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image, ImageDraw

from tools import contrast_faults as finding
from tools.contrast_faults import Picture

INK, PAPER, GOLD = "#17211E", "#FAF6EE", "#F4BE5B"
BOX = (10.0, 10.0, 110.0, 40.0)


def picture(ground: str, letters: str | None, *, half: str | None = None) -> Picture:
    """Strokes on a ground, of which the right half may be another."""
    image = Image.new("RGB", (120, 50), ground)
    draw = ImageDraw.Draw(image)
    if half is not None:
        draw.rectangle((60, 0, 120, 50), fill=half)
    for left in range(20, 100, 8) if letters else ():
        draw.rectangle((left, 18, left + 1, 32), fill=letters)
    return Picture(image.tobytes(), *image.size)


def found(seen: Picture, ink: str, least: float = 7.0, *, alpha: float = 1.0, monkeypatch: Any) -> list[str]:
    parts = tuple(int(ink[at : at + 2], 16) / 255 for at in (1, 3, 5))
    monkeypatch.setattr(finding, "_drawn", lambda *_: [("it", (*parts, alpha), BOX, least)])
    return finding.contrast_faults(SimpleNamespace(), seen)


def test_ink_on_paper_is_well_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(picture(PAPER, INK), INK, monkeypatch=monkeypatch) == []


@pytest.mark.parametrize(
    ("seen", "ink", "alpha"),
    [
        (picture(PAPER, GOLD), GOLD, 1.0),
        (picture(PAPER, INK, half="#444444"), INK, 1.0),
        (picture(PAPER, "#9FA09B"), INK, 0.4),
        (picture(PAPER, PAPER), PAPER, 1.0),
    ],
    ids=["a light colour on a light ground", "half on another ground", "faded", "its own colour"],
)
def test_what_is_hard_to_see_is_told(
    seen: Picture, ink: str, alpha: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    [fault] = found(seen, ink, alpha=alpha, monkeypatch=monkeypatch)
    assert fault.startswith("low contrast: it ")


def test_a_text_that_something_lies_over_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    [fault] = found(picture(PAPER, None), INK, monkeypatch=monkeypatch)
    assert fault.startswith("hardly drawn: it 1.0:1")


def test_a_drawing_needs_less_than_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    grey = "#767676"
    assert found(picture("#FFFFFF", grey), grey, 3.0, monkeypatch=monkeypatch) == []
    assert found(picture("#FFFFFF", grey), grey, 7.0, monkeypatch=monkeypatch) != []
