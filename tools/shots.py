"""Pictures of every screen in every language and size, by the product's own window: ``make shots``.

Each size is its own process, because Kivy has one window a process; two run at a time. Writes
``build/shots/<size>/<scene>-<language>.png``, a contact sheet for each size, and a line for each fault of
the layout. Arguments narrow it down: sizes, languages and names of scenes, in any order. ``--accept``
takes the pictures as the ones that the tests compare with (see :mod:`tools.accepted`).
"""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from tools.accepted import ACCEPTED_LANGUAGES, ACCEPTED_SIZES, accept
from tools.contact_sheet import contact_sheet
from tools.shots_window import LANGUAGES, SHOTS

SIZES = ("800x480", "480x800", "1024x600", "1280x800", "800x1280", "1920x1080")
_AT_A_TIME = 2


def main(arguments: list[str]) -> int:
    accepting = "--accept" in arguments
    words = [word for word in arguments if not word.startswith("--")]
    sizes = [word for word in words if word[0].isdigit()] or list(ACCEPTED_SIZES if accepting else SIZES)
    languages = [word for word in words if word in LANGUAGES]
    scenes = [word for word in words if word not in sizes and word not in languages]
    # Played as the tests play it, which draw some languages and look through all.
    drawn = [f"--drawn={','.join(ACCEPTED_LANGUAGES)}"] if accepting and not languages else []
    with ThreadPoolExecutor(_AT_A_TIME) as runner:
        failed = list(runner.map(lambda size: _photograph(size, [*languages, *scenes, *drawn]), sizes))
    for size in sizes:
        if accepting:
            accept(SHOTS / size, size)
        else:
            contact_sheet(SHOTS / size, SHOTS / f"sheet-{size}.png")
    return max(failed)


def _photograph(size: str, narrowed: list[str]) -> int:
    return subprocess.run(
        [sys.executable, "-m", "tools.shots_window", size, *narrowed],
        env={**os.environ, "SDL_VIDEODRIVER": "offscreen"},
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
