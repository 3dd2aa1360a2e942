"""What a customer typed is nowhere but on the screen, also after the kiosk's process has crashed (row 170)."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from messaging.local.from_kiosk import KioskAlive, KioskReady, PictureTaken, Said
from messaging.local.to_kiosk import PictureAsked, TouchInjected
from tests.patience import PATIENCE_S
from tests.ui.kiosk.kiosk_process import Device

NUMBER = "0699887766"

_CONFIGURATION = """
[kiosk]
socket = "{folder}/kiosk.sock"
size = "800x480"
video = "offscreen"
mirror = true
log_level = "DEBUG"
"""


def touch(device: Device, text: str) -> None:
    """Touch what says this, once it is there."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        device.server.send(PictureAsked(request=1))
        for shown in device.next(PictureTaken).texts:
            if shown.text == text and shown.touchable:
                device.server.send(TouchInjected(x=shown.x + shown.width / 2, y=shown.y + shown.height / 2))
                return
    raise AssertionError(f"{text} is not to be touched")


@pytest.mark.timeout(240)
def test_a_crash_leaves_nothing_of_what_was_typed(tmp_path: Path) -> None:
    # part of row 170
    work, temporary = tmp_path / "work", tmp_path / "tmp"
    work.mkdir()
    temporary.mkdir()
    (tmp_path / "comptoir.toml").write_text(_CONFIGURATION.format(folder=tmp_path), encoding="utf-8")
    device = Device(tmp_path / "kiosk.sock")
    log = tmp_path / "kiosk.log"
    environment = {**os.environ, "TMPDIR": str(temporary), "HOME": str(work), "SDL_VIDEODRIVER": "offscreen"}
    with log.open("wb") as told:
        process = subprocess.Popen(
            [
                sys.executable,
                "-X",
                "faulthandler",
                "-m",
                "comptoir",
                "kiosk",
                "--config",
                tmp_path / "comptoir.toml",
            ],
            stdout=told,
            stderr=told,
            cwd=work,
            env={**environment, "PYTHONPATH": str(Path.cwd())},
        )
        try:
            device.next(KioskReady, within_s=PATIENCE_S)
            touch(device, "Touchez pour commencer")
            for digit in NUMBER:
                touch(device, digit)
            touch(device, "Continuer")
            said = device.next(Said)
            assert said.body.phone_number == "+33" + NUMBER[1:]
            device.next(KioskAlive)
            limits = Path(f"/proc/{process.pid}/limits").read_text(encoding="ascii")
            process.send_signal(signal.SIGABRT)
            assert process.wait(PATIENCE_S) == -signal.SIGABRT
        finally:
            process.kill()
            process.wait()
            device.server.stop()

    core = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
    assert core.split()[4:6] == ["0", "0"], "no picture of the memory"
    assert "Fatal Python error: Aborted" in log.read_text(encoding="utf-8"), (
        "the dump of the crash itself is looked at"
    )
    left = [path for path in (log, *work.rglob("*"), *temporary.rglob("*")) if path.is_file()]
    spaced = f"{NUMBER[:2]} {NUMBER[2:4]} {NUMBER[4:6]}"
    for path in left:
        content = path.read_bytes()
        for own in (NUMBER, NUMBER[1:], spaced):
            assert own.encode() not in content, path
