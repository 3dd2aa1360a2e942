"""What an update costs: bytes to fetch, seconds to install, and a look without news."""

import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

from comptoir.demo.fleet_wheels import library_wheels, product_wheel
from fleet.agent.environment import UvEnvironments
from fleet.agent.http import WebServer
from fleet.agent.layout import Layout
from fleet.agent.signed_source import SignedSource
from fleet.documents.release import Release
from runtime.clock import SystemClock
from tests.fakes.fleet import HERE, ROOT, ReleaseDesk, served

_TURNS = 3


def _releases(folder: Path) -> tuple[ReleaseDesk, Release, Release]:
    desk = ReleaseDesk(folder / "desk", SystemClock())
    made = []
    for release in ("1.0.0", "1.0.1"):
        wheels = folder / "wheels" / release
        library_wheels(wheels)
        product_wheel(wheels, release)
        made.append(desk.release(release, wheels=wheels))
    return desk, made[0], made[1]


def run_bytes(folder: Path) -> dict[str, Any]:
    """A change of the application alone against the whole release."""
    _, old, new = _releases(folder)
    known = {wheel.sha256 for wheel in old.wheels}
    changed = sum(wheel.length for wheel in new.wheels if wheel.sha256 not in known)
    whole = sum(wheel.length for wheel in new.wheels)
    return {
        "bench": "update_bytes", "n": len(new.wheels), "changed_bytes": changed, "baseline_whole_bytes": whole,
        "ratio": round(changed / whole, 4),
    }  # fmt: skip


def run_install(folder: Path) -> dict[str, Any]:
    """A new environment by uv, with bytecode, against pip into a new venv; the same wheels, in turns."""
    desk, _, new = _releases(folder)
    layout = Layout(folder / "device")
    layout.releases.mkdir(parents=True)
    layout.blobs.symlink_to(desk.repository.targets / "blobs")
    builder = UvEnvironments(layout, ROOT / ".venv/bin/uv", Path(sys.executable).resolve())
    wheels = sorted(map(str, (folder / "wheels" / "1.0.1").iterdir()))
    ours_s, plain_s = [], []
    for turn in range(_TURNS):
        target = layout.unfinished(f"1.0.{turn + 1}")
        target.mkdir()
        began_s = time.perf_counter()
        builder.build(target, new.wheels_for(*HERE))
        ours_s.append(time.perf_counter() - began_s)
        plain_s.append(_plain_install(folder / f"plain-{turn}", wheels))
    ours, plain = median(ours_s), median(plain_s)
    return {
        "bench": "update_install", "n": _TURNS, "install_s": round(ours, 2), "baseline_pip_s": round(plain, 2),
        "ratio": round(ours / plain, 3),
    }  # fmt: skip


def _plain_install(venv: Path, wheels: list[str]) -> float:
    began_s = time.perf_counter()
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    pip = [str(venv / "bin/python"), "-m", "pip", "install", "-q", "--no-index", "--no-deps"]
    subprocess.run([*pip, *wheels], check=True)
    return time.perf_counter() - began_s


def run_no_news(folder: Path) -> dict[str, Any]:
    """What a device's look costs when nothing changed."""
    desk, _, _ = _releases(folder)
    desk.roll_out("1.0.1")

    class Counting(WebServer):
        requests = 0
        received = 0

        def read(self, path: str, *, start: int = 0) -> Any:
            Counting.requests += 1
            for piece in super().read(path, start=start):
                Counting.received += len(piece)
                yield piece

    with served(desk.repository.folder) as base:
        for _ in range(2):
            Counting.requests = Counting.received = 0
            began_s = time.perf_counter()
            look = SignedSource(Counting(base, SystemClock()), folder / "cache", desk.first_root).look()
            look.rollout("stable")
            spent_s = time.perf_counter() - began_s
    return {
        "bench": "check_no_news", "n": 1, "requests": Counting.requests, "received_bytes": Counting.received,
        "spent_ms": round(spent_s * 1000, 1),
    }  # fmt: skip
