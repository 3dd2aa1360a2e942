"""The kiosk's own process beside a device process: its start, its mirror, its end."""

import base64
import io
import os
import queue
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from messaging.local.from_kiosk import FROM_KIOSK, KioskAlive, KioskReady, PictureTaken, SessionStarted
from messaging.local.to_kiosk import PictureAsked, SettingsArrived, TouchInjected
from messaging.local_socket import Connection, LocalServer
from messaging.station.settings import KioskSettings

_RUN = """
import sys
from pathlib import Path
from kiosk.bootstrap import run
from kiosk.configuration import KioskConfiguration
from runtime.logs import set_up_logs
set_up_logs()
sys.exit(run(KioskConfiguration(socket=Path(sys.argv[1]), size="800x480", video=sys.argv[2], mirror=sys.argv[3] == "on")))
"""


class Device:
    """The other end of the socket."""

    def __init__(self, path: Path) -> None:
        self._told: queue.Queue[Any] = queue.Queue()
        self.server = LocalServer(path, self._frame, self._connected, lambda: None)
        self.server.start()

    def _frame(self, frame: bytes) -> None:
        self._told.put(FROM_KIOSK.validate_json(frame))

    def _connected(self, connection: Connection) -> None:
        settings = KioskSettings(
            brand="Maison Lumen", languages=("fr",), region="FR", programme_active=True, points_name="points"
        )
        connection.send(SettingsArrived(settings=settings, training=False, readers=()))

    def next(self, kind: type[Any], within_s: float = 30) -> Any:
        while True:
            message = self._told.get(timeout=within_s)
            if isinstance(message, kind):
                return message


@pytest.fixture
def device(tmp_path: Path) -> Iterator[Device]:
    device = Device(tmp_path / "kiosk.sock")
    yield device
    device.server.stop()


def start(tmp_path: Path, video: str = "offscreen", mirror: str = "on") -> subprocess.Popen[str]:
    environment = {
        name: value for name, value in os.environ.items() if name not in ("DISPLAY", "SDL_VIDEODRIVER")
    }
    return subprocess.Popen(
        [sys.executable, "-c", _RUN, str(tmp_path / "kiosk.sock"), video, mirror],
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )


def test_it_says_it_is_ready_is_mirrored_touched_and_ends_when_told(tmp_path: Path, device: Device) -> None:
    with start(tmp_path) as process:
        ready = device.next(KioskReady)
        assert (ready.width, ready.height, ready.driver) == (800, 480, "offscreen")
        assert device.next(KioskAlive).frames > 0

        device.server.send(PictureAsked(request=7))
        picture = device.next(PictureTaken)
        assert picture.request == 7
        with Image.open(io.BytesIO(base64.b64decode(picture.image_base64))) as image:
            assert image.size == (800, 480)
            assert len(image.convert("RGB").resize((80, 48)).getcolors(10_000) or ()) > 50

        device.server.send(TouchInjected(x=0.25, y=0.85))
        device.next(SessionStarted)

        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_without_permission_there_is_no_mirror(tmp_path: Path, device: Device) -> None:
    with start(tmp_path, mirror="off") as process:
        device.next(KioskReady)
        device.server.send(TouchInjected(x=0.25, y=0.85))
        device.server.send(PictureAsked(request=1))
        for _ in range(2):
            device.next(KioskAlive)
        with pytest.raises(queue.Empty):
            device.next((PictureTaken, SessionStarted), within_s=0.5)  # type: ignore[arg-type]
        process.terminate()
        process.wait(10)


@pytest.mark.parametrize("video", ["auto", "x11"])
def test_a_window_that_nobody_would_see_ends_with_a_message(tmp_path: Path, video: str) -> None:
    with start(tmp_path, video=video) as process:
        assert process.stderr is not None
        told = process.stderr.read()
        assert process.wait(20) == 1

    assert "is a display connected" in told
