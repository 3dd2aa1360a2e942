"""The window: Kivy's settings for an unattended screen, and proof that somebody can see it.

SDL falls back to drawing nowhere when it finds no display, and a compositor may give another size than
the one that is drawn: both would be a blank or cut screen that "runs". Both end the process instead; where
nobody named a size it begins again in the one that is shown.
"""

import ctypes
import logging
import os
import sys
from pathlib import Path
from typing import Any

from kiosk.configuration import KioskConfiguration
from kiosk.errors import DrawnSizeError, VideoDriverError

_DRM = Path("/sys/class/drm")
_MAPS = Path("/proc/self/maps")
_DEFAULT_SIZE = (1280, 800)
_SHOWN_SIZE = "COMPTOIR_KIOSK_SHOWN_SIZE"
"""Left for the process that begins again: Kivy goes on drawing in the size that its window was made with."""

MOST_FRAMES_A_S = 60
"""While something moves; :mod:`kiosk.waking` lets touches wait for none of them."""

_SHOWING = ("x11", "wayland", "kmsdrm")
_SDL_NAMES = {"kmsdrm": "KMSDRM"}


def prepare(config: KioskConfiguration, kivy_home: str) -> tuple[int, int]:
    """Set Kivy up; call before anything else imports it.

    Returns:
        Width and height in pixels of the window that will be asked for.
    """
    os.environ.update(
        KIVY_NO_ARGS="1",
        KIVY_NO_CONFIG="1",
        KIVY_NO_FILELOG="1",
        KIVY_NO_ENV_CONFIG="1",
        KIVY_LOG_MODE="PYTHON",
        KIVY_HOME=kivy_home,
        KIVY_WINDOW="sdl2",
    )
    # Where Mesa draws in software it keeps tens of megabytes for each thread; this window rarely changes.
    os.environ.setdefault("LP_NUM_THREADS", "0")
    if config.video != "auto":
        os.environ["SDL_VIDEODRIVER"] = _SDL_NAMES.get(config.video, config.video)
    logging.getLogger("kivy").addFilter(_not_mtdev)
    width, height = wanted_size(config.size)
    from kivy.config import Config  # noqa: PLC0415 - reads the environment on import

    for section, key, value in (
        ("graphics", "width", width),
        ("graphics", "height", height),
        ("graphics", "fullscreen", 0),
        ("graphics", "resizable", 0),
        ("graphics", "borderless", 1),
        ("graphics", "show_cursor", 0),
        ("graphics", "allow_screensaver", 0),
        ("graphics", "maxfps", MOST_FRAMES_A_S),
        ("graphics", "multisamples", 0),
        ("graphics", "vsync", ""),
        ("kivy", "exit_on_escape", 0),
        ("kivy", "keyboard_mode", ""),
        ("kivy", "desktop", 0),
        ("kivy", "pause_on_minimize", 0),
    ):
        Config.set(section, key, str(value))
    for key, _ in Config.items("input"):  # SDL alone feeds touches; scanners belong to the device process
        Config.remove_option("input", key)
    Config.set("input", "mouse", "mouse,disable_multitouch")
    return width, height


def check_driver(config: KioskConfiguration) -> str:
    """The video driver that SDL runs on.

    Raises:
        VideoDriverError: It is not one that the configuration allows.
    """
    driver = current_driver()
    allowed = _SHOWING if config.video == "auto" else (config.video,)
    if driver.lower() not in allowed:
        raise VideoDriverError(
            f"the window runs on the video driver {driver or 'none'!r}, allowed: {', '.join(allowed)}; "
            "is a display connected and a compositor running?",
            driver=driver,
        )
    return driver


def check_size(window: Any, wanted: tuple[int, int]) -> None:
    """Raise unless the window has the size it was made with.

    Raises:
        DrawnSizeError: The compositor or panel gave it another one.
    """
    got = (round(window.system_size[0]), round(window.system_size[1]))
    if got != wanted:
        raise DrawnSizeError(
            f"the window was made {wanted[0]}x{wanted[1]} and is shown {got[0]}x{got[1]}: "
            f'set size = "{got[0]}x{got[1]}" in [kiosk]',
            shown=f"{got[0]}x{got[1]}",
        )


def begin_again(shown: str) -> None:
    """Start this process anew with a window of this size; returns only where that was tried before.

    Args:
        shown: Width and height as in ``1280x720``.
    """
    if _SHOWN_SIZE not in os.environ:
        os.environ[_SHOWN_SIZE] = shown
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - ourselves


def current_driver() -> str:
    """SDL's own word; empty where there is none."""
    try:
        ask = loaded_sdl().SDL_GetCurrentVideoDriver
    except VideoDriverError:
        return ""
    ask.restype = ctypes.c_char_p
    answer = ask()
    return answer.decode() if answer else ""


def loaded_sdl() -> ctypes.CDLL:
    """The library that Kivy has loaded.

    Raises:
        VideoDriverError: There is none: Kivy has no window, or not one of SDL's.
    """
    for line in _MAPS.read_text(encoding="ascii", errors="replace").splitlines():
        path = line.split(maxsplit=5)[-1]
        name = path.rpartition("/")[2]
        if name.startswith("libSDL2-") and ".so" in name:
            return ctypes.CDLL(path)
    raise VideoDriverError("no window of SDL's is there", driver="")


def _not_mtdev(record: logging.LogRecord) -> bool:
    """Kivy logs an error where libmtdev is missing; touches come from SDL, so that it never matters."""
    return "MTDev" not in record.getMessage()


def wanted_size(size: str) -> tuple[int, int]:
    if size == "auto":
        size = os.environ.get(_SHOWN_SIZE, "")
        if not size:
            return _panel_size() or _DEFAULT_SIZE
    width, height = size.split("x")
    return int(width), int(height)


def _panel_size() -> tuple[int, int] | None:
    """First mode of the first connected panel, read before the window exists."""
    for status in sorted(_DRM.glob("card*-*/status")):
        if status.read_text(encoding="ascii").strip() == "connected":
            modes = (status.parent / "modes").read_text(encoding="ascii").split()
            if modes:
                width, _, height = modes[0].rstrip("i").partition("x")
                return int(width), int(height)
    return None
