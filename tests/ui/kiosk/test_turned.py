"""A panel that is mounted turned: the picture stands upright, and is touched where it is drawn."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kiosk.theme import Theme
from tests.ui.kiosk.driving import KioskWindow
from tools.accepted import ACCEPTED, is_same, reduced
from tools.scenes import shop_settings

PANEL = "800x480"
_NEAR = 12
"""Of 255, for each colour."""


@pytest.fixture(scope="module", params=[90, 180, 270])
def turned(request: pytest.FixtureRequest) -> Iterator[tuple[int, KioskWindow]]:
    with closing(KioskWindow(PANEL, turn=request.param)) as window:
        yield request.param, window


@pytest.fixture
def window(turned: tuple[int, KioskWindow]) -> KioskWindow:
    _, window = turned
    window.open()
    window.tell(shop_settings())
    return window


def the_gold_button(window: KioskWindow, into: Path) -> tuple[int, int]:
    """The dot of the panel in the middle of what is gold; the button is most of it."""
    window.panel_picture(into)
    with Image.open(into) as panel:
        assert f"{panel.width}x{panel.height}" == PANEL
        dots = np.asarray(panel, np.int16)
    gold = np.array([round(255 * part) for part in Theme.of().gold[:3]], np.int16)
    rows, columns = np.nonzero(np.abs(dots - gold).max(axis=2) <= _NEAR)
    return int(np.median(columns)), int(np.median(rows))


def test_the_picture_stands_upright_in_the_layout_of_that_shape(
    turned: tuple[int, KioskWindow], window: KioskWindow, tmp_path: Path
) -> None:
    turn, _ = turned
    window.panel_picture(tmp_path / "panel.png")
    against_the_clock = {90: Image.Transpose.ROTATE_90, 180: Image.Transpose.ROTATE_180}
    with Image.open(tmp_path / "panel.png") as panel:
        upright = panel.transpose(against_the_clock.get(turn, Image.Transpose.ROTATE_270))
    upright.save(tmp_path / "upright.png")
    size = f"{upright.width}x{upright.height}"

    assert size == ("800x480" if turn == 180 else "480x800")
    with Image.open(ACCEPTED / size / "idle-fr.png") as accepted:
        assert is_same(accepted, reduced(tmp_path / "upright.png"))
    assert window.faults == []


def test_a_finger_touches_what_is_drawn_under_it(window: KioskWindow, tmp_path: Path) -> None:
    window.press_panel(*the_gold_button(window, tmp_path / "panel.png"))
    assert window.step == "phone"
    window.touch("Retour")


def test_who_sees_the_screen_elsewhere_sees_it_upright_and_touches_likewise(
    window: KioskWindow, tmp_path: Path
) -> None:
    window.picture(tmp_path / "mirrored.png")
    with Image.open(tmp_path / "mirrored.png") as mirrored:
        size = f"{mirrored.width}x{mirrored.height}"
    with Image.open(ACCEPTED / size / "idle-fr.png") as accepted:
        assert is_same(accepted, reduced(tmp_path / "mirrored.png"))
    window.touch("Touchez pour commencer")
    assert window.step == "phone"
    window.touch("Retour")


def test_the_corner_of_staff_is_the_upper_one_of_the_upright_picture(window: KioskWindow) -> None:
    window.hold_corner()
    assert window.step == "staff_code"
    window.touch("Retour")
