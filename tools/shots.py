"""Pictures of every screen in every size, by the product's own window: ``make shots``.

Each size is its own process, because Kivy has one window a process. Writes ``build/shots/*.png`` and a
contact sheet for each size.
"""

import os
import subprocess
import sys
from pathlib import Path

SIZES = ((800, 480), (1280, 800), (480, 800))
OUT = Path("build") / "shots"


def main(arguments: list[str]) -> int:
    OUT.mkdir(parents=True, exist_ok=True)
    wanted = [tuple(int(side) for side in size.split("x")) for size in arguments if "x" in size] or SIZES
    scenes = [name for name in arguments if "x" not in name]
    failed = 0
    for width, height in wanted:
        done = subprocess.run(
            [sys.executable, "-m", "tools.shots_window", f"{width}x{height}", *scenes],
            env={**os.environ, "SDL_VIDEODRIVER": "offscreen"},
            check=False,
        )
        failed |= done.returncode
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
