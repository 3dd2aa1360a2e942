"""The kiosk: start to first picture, memory, and what it costs while nothing moves.

Baseline: the same Kivy, the same off-screen driver, a window with one label and nothing of ours.
"""

import os
import queue
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from messaging.local.from_kiosk import FROM_KIOSK, KioskReady
from messaging.local_socket import LocalServer

_STILL_S = 10.0
_SETTLE_S = 3.0

_PLAIN = """\
import os, sys
from kivy.config import Config
for section, key, value in (("graphics", "width", "800"), ("graphics", "height", "480"),
                            ("graphics", "maxfps", "30"), ("graphics", "multisamples", "0")):
    Config.set(section, key, value)
from kivy.base import runTouchApp
from kivy.core.window import Window
from kivy.uix.label import Label
said = []
def first(*_):
    if not said:
        said.append(print("drawn", flush=True))
Window.bind(on_flip=first)
runTouchApp(Label(text="plain"))
"""


def run(folder: Path) -> dict[str, Any]:
    """Measure; the figures of the line that is printed."""
    ours = _kiosk(folder)
    plain = _plain()
    return {
        "n": 1,
        **ours,
        **{f"baseline_{name}": value for name, value in plain.items()},
        "ratio_first_picture": round(ours["first_picture_s"] / plain["first_picture_s"], 2),
    }


def run_idle(folder: Path) -> dict[str, Any]:
    """Processor time while nothing moves, beside a window of Kivy's with one label."""
    ours, plain = _kiosk(folder), _plain()
    return {
        "n": 1,
        "seconds": _STILL_S,
        "cpu_percent": ours["still_cpu_percent"],
        "baseline_cpu_percent": plain["still_cpu_percent"],
        "rss_mb": ours["rss_mb"],
    }


def _kiosk(folder: Path) -> dict[str, float]:
    frames: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    server = LocalServer(folder / "kiosk.sock", frames.put, lambda connection: None, lambda: None)
    server.start()
    configuration = folder / "comptoir.toml"
    configuration.write_text(
        f'[kiosk]\nsocket = "{folder}/kiosk.sock"\nsize = "800x480"\nvideo = "offscreen"\n', encoding="utf-8"
    )
    before = time.perf_counter()
    process = _start(["-m", "comptoir", "kiosk", "--config", str(configuration)], folder / "kiosk.log")
    try:
        while not isinstance(FROM_KIOSK.validate_json(frames.get(timeout=60)), KioskReady):
            continue
        return _figures(process, time.perf_counter() - before)
    finally:
        _end(process)
        server.stop()


def _plain() -> dict[str, float]:
    before = time.perf_counter()
    process = _start(["-c", _PLAIN], None)
    try:
        if process.stdout is None or b"drawn" not in process.stdout.readline():
            raise RuntimeError("the plain window was not drawn")
        return _figures(process, time.perf_counter() - before)
    finally:
        _end(process)


def _figures(process: "subprocess.Popen[bytes]", first_picture_s: float) -> dict[str, float]:
    time.sleep(_SETTLE_S)
    busy = _cpu_s(process.pid)
    time.sleep(_STILL_S)
    busy = _cpu_s(process.pid) - busy
    return {
        "first_picture_s": round(first_picture_s, 3),
        "rss_mb": round(_rss_mb(process.pid), 1),
        "still_cpu_percent": round(busy / _STILL_S * 100, 2),
    }


def _start(arguments: list[str], log: Path | None) -> "subprocess.Popen[bytes]":
    environment = {
        **os.environ,
        "SDL_VIDEODRIVER": "offscreen",
        "KIVY_NO_ARGS": "1",
        "KIVY_NO_CONFIG": "1",
        "KIVY_NO_FILELOG": "1",
        "KIVY_NO_CONSOLELOG": "1",
    }
    if log is None:
        return subprocess.Popen(
            [sys.executable, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            env=environment,
        )
    with log.open("wb") as out:
        return subprocess.Popen(
            [sys.executable, *arguments],
            stdout=out,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env=dict(os.environ),
        )


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _rss_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
