"""The kiosk's memory after a thousand customers: enrolments, cards, rewards, sales, four languages."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

_SESSIONS = 1000
_SETTLED = 100


def run(folder: Path) -> dict[str, Any]:
    """Measure; the figures of the line that is printed."""
    del folder
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.kiosk_sessions"],
        env={**os.environ, "SDL_VIDEODRIVER": "offscreen"},
        stdout=subprocess.PIPE,
        check=True,
    )
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return measured


def _play() -> dict[str, Any]:
    """In a process of its own: the real window, its screens drawn at every step."""
    from kiosk.session import Session
    from tests.fakes.clock import FakeClock
    from tools.scenes import SCENES, Actor
    from tools.shots_window import LANGUAGES, Photographer

    window = Photographer("800x480")
    clock = FakeClock()
    said: list[Any] = []
    session = Session(clock, said.append)
    window.show(session)
    scenes = [scene for scene in SCENES if not scene.name.startswith("own-look")]
    first_mb = 0.0
    for number in range(_SETTLED + _SESSIONS):
        said.clear()
        actor = Actor(session, said, LANGUAGES[number % len(LANGUAGES)])
        scenes[number % len(scenes)].play(actor)
        window.draw()
        session.linked(False)  # whatever the scene left open ends here, as it does in front of a customer
        clock.advance(10)
        session.tick()
        window.draw()
        clock.advance(60)
        session.linked(True)
        session.tick()
        window.draw()
        if number + 1 == _SETTLED:
            first_mb = _rss_mb()
    last_mb = _rss_mb()
    return {
        "n": _SESSIONS,
        "rss_after_100_mb": round(first_mb, 1),
        "rss_after_1100_mb": round(last_mb, 1),
        "growth_percent": round((last_mb / first_mb - 1) * 100, 2),
    }


def _rss_mb() -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    print(json.dumps(_play()))
