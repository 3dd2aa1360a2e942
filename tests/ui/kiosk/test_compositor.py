"""The kiosk under the compositor of a lane: photographed from outside, as a panel would show it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

from messaging.local.from_kiosk import KioskReady
from messaging.local.to_kiosk import LinkChanged
from messaging.local_socket import LocalServer
from tests.patience import PATIENCE_S
from tests.ui.kiosk.compositor import SIZE, picture, under_compositor, why_not
from tests.ui.kiosk.kiosk_process import Device, kiosk_command
from tools.accepted import ACCEPTED, is_same, reduced

"""On a busy machine many a picture is taken between two changes, and black."""


pytestmark = pytest.mark.skipif(why_not() is not None, reason=why_not() or "")


@contextmanager
def changing(server: LocalServer) -> Iterator[None]:
    """The band of the lost link comes and goes, so that there is something to draw."""
    done = threading.Event()

    def change() -> None:
        online = False
        while not done.wait(0.02):
            server.send(LinkChanged(online=online, waiting_events=0))
            online = not online

    thread = threading.Thread(target=change, daemon=True)
    thread.start()
    yield
    done.set()
    thread.join()


def ready(device: Device) -> tuple[str, str]:
    """Size and driver of the next window; where none was named, a first one may go as it came."""
    said = device.next(KioskReady, within_s=120)
    return f"{said.width}x{said.height}", said.driver


def accepted(size: str, drawn: Image.Image) -> bool:
    """Whether it is the idle screen, with the band or without."""
    for name in ("idle-fr", "idle-offline-fr"):
        with Image.open(ACCEPTED / size / f"{name}.png") as kept:
            if is_same(kept, drawn):
                return True
    return False


def upright(shot: Path, turn: int) -> None:
    """Turn the panel's picture back, as the panel is mounted turned; Pillow counts against the clock."""
    with Image.open(shot) as panel:
        panel.rotate(turn, expand=True).save(shot)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("named", "turn", "size"),
    [(SIZE, 0, "1280x720"), (SIZE, 90, "720x1280"), (SIZE, 270, "720x1280"), ("auto", 0, "1280x720")],
)
def test_the_compositor_shows_the_whole_screen_as_it_was_accepted(
    tmp_path: Path, named: str, turn: int, size: str
) -> None:
    device = Device(tmp_path / "kiosk.sock")
    runtime, shot = tmp_path / "run", tmp_path / "shot.png"
    looks: list[Image.Image] = []
    command = kiosk_command(tmp_path / "kiosk.sock", "x11", "off", named, turn)
    try:
        with under_compositor(runtime, command):
            assert ready(device) == (SIZE, "x11") or (named == "auto" and ready(device) == (SIZE, "x11"))
            with changing(device.server):
                end = time.monotonic() + PATIENCE_S
                while time.monotonic() < end:
                    picture(runtime, shot)
                    upright(shot, turn)
                    looks.append(reduced(shot))
                    if accepted(size, looks[-1]):
                        break
    finally:
        device.server.stop()

    assert accepted(size, looks[-1])


@pytest.mark.timeout(300)
def test_a_window_in_another_size_than_the_panel_ends_with_what_to_set(tmp_path: Path) -> None:
    command = kiosk_command(tmp_path / "kiosk.sock", "x11", "off", "800x480")
    with under_compositor(tmp_path / "run", command) as compositor:
        assert compositor.stderr is not None
        told = compositor.stderr.read()

    assert f'size = \\"{SIZE}\\" in [kiosk]' in told, told[-2000:]
