"""The kiosk's own process beside a device process: its start, its mirror, its end."""

import base64
import io
import queue
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from messaging.local.from_kiosk import KioskAlive, KioskReady, PictureTaken, SessionStarted
from messaging.local.to_kiosk import PictureAsked, TouchInjected
from tests.patience import PATIENCE_S
from tests.ui.kiosk.kiosk_process import Device, start


@pytest.fixture
def device(tmp_path: Path) -> Iterator[Device]:
    device = Device(tmp_path / "kiosk.sock")
    yield device
    device.server.stop()


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
        assert process.wait(PATIENCE_S) == 0


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
        process.wait(PATIENCE_S)


@pytest.mark.parametrize("video", ["auto", "x11"])
def test_a_window_that_nobody_would_see_ends_with_a_message(tmp_path: Path, video: str) -> None:
    with start(tmp_path, video=video) as process:
        assert process.stderr is not None
        told = process.stderr.read()
        assert process.wait(PATIENCE_S) == 1

    assert "is a display connected" in told
