"""The kiosk's memory after a thousand customers: enrolments, cards, rewards, sales, four languages.

The window and its screens live on; each customer's conversation is made anew.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

_SESSIONS = 1000
_SETTLED = 300
"""By then every scene was shown in every language."""


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
    from tools.scenes import SCENES
    from tools.shots_window import LANGUAGES, Photographer

    window = Photographer("800x480")
    # Another look remakes textures; that is a shop's change, not a customer's.
    scenes = [scene for scene in SCENES if not scene.name.startswith("own-look")]
    first_mb = 0.0
    for number in range(_SETTLED + _SESSIONS):
        window.play(scenes[number % len(scenes)], LANGUAGES[number % len(LANGUAGES)], every_step=True)
        window.draw()
        if number + 1 == _SETTLED:
            first_mb = _rss_mb()
    last_mb = _rss_mb()
    return {
        "n": _SESSIONS,
        "rss_before_mb": round(first_mb, 1),
        "rss_after_mb": round(last_mb, 1),
        "growth_percent": round((last_mb / first_mb - 1) * 100, 2),
    }


def _rss_mb() -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    print(json.dumps(_play()))
