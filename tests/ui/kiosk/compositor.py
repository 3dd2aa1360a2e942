"""The compositor of a lane, drawing to no panel: what the kiosk looks like from outside it.

The compositor refuses to run as root, and its X server wants a folder of its own: both get a user's and
mount's name space of their own, which end with it.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SIZE = "1280x720"
"""Of the panel that the compositor makes up."""

_INSIDE = """
mkdir -p /tmp/.X11-unix && mount -t tmpfs -o mode=1777 none /tmp/.X11-unix &&
exec unshare --user --map-user=1000 --map-group=1000 "$@"
"""


def why_not() -> str | None:
    """Why the compositor cannot run here; None where it can."""
    for tool in ("cage", "grim", "Xwayland", "unshare"):
        if shutil.which(tool) is None:
            return f"{tool} is not installed"
    made = subprocess.run(_apart("true"), capture_output=True, text=True, check=False)
    return None if made.returncode == 0 else f"no name spaces: {made.stderr.strip()}"


def _apart(*command: str) -> list[str]:
    return ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", _INSIDE, "sh", *command]


@contextmanager
def under_compositor(runtime: Path, command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """Run a command as the compositor's one window; it ends with the block, whatever happened."""
    runtime.mkdir(mode=0o700)
    environment = {
        name: value for name, value in os.environ.items() if name not in ("DISPLAY", "SDL_VIDEODRIVER")
    }
    environment |= {
        "XDG_RUNTIME_DIR": str(runtime),
        "HOME": str(runtime),
        "WLR_BACKENDS": "headless",
        "WLR_RENDERER": "pixman",
        "WLR_LIBINPUT_NO_DEVICES": "1",
    }
    with subprocess.Popen(
        _apart("cage", "--", *command),
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def picture(runtime: Path, into: Path) -> None:
    """What the compositor draws now.

    It draws what has changed since its last frame, into an empty one while a picture is taken: so the picture
    is black where nothing changes meanwhile.
    """
    subprocess.run(
        ["grim", str(into)],
        env={**os.environ, "XDG_RUNTIME_DIR": str(runtime), "WAYLAND_DISPLAY": "wayland-0"},
        check=True,
        timeout=60,
    )
