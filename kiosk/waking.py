"""When the next frame comes: at once for a touch or a message, else when something is due.

Kivy sleeps to the end of each frame, and looks for touches only after it has drawn: a finger waits for a
frame and a half before anything can answer it, and a still screen wakes sixty times a second for nothing.
Here the thread that draws sleeps in SDL, which wakes it as soon as an event is there.
"""

import ctypes
import threading
from typing import Any

from kiosk.window import MOST_FRAMES_A_S

_FRAME_S = 1 / MOST_FRAMES_A_S
_SHORTEST_S = 0.004
"""Between two passes, however fast a finger's moves come in."""

_LONGEST_S = 0.25
_LOOK_S = 0.008
"""Between two looks for events, where SDL cannot sleep until there is one."""

_SLEEPERS = ("x11", "wayland")
_USER_EVENT = 0x8000
"""An event of SDL's that means nothing to Kivy."""


class Waking:
    """Takes the place of the sleep of Kivy's clock.

    Args:
        clock: Kivy's.
        window: Kivy's; its events are taken when the sleep is over.
        sdl: The library that the window is made with.
        driver: SDL's name of the video driver.
    """

    def __init__(self, clock: Any, window: Any, sdl: Any, driver: str) -> None:
        self._sdl = sdl
        self._rest = self._sleep_in_sdl if driver in _SLEEPERS else self._look
        self._clock = clock
        self._window = window
        self._drawing_thread = threading.get_ident()
        self._nothing = ctypes.create_string_buffer(_USER_EVENT.to_bytes(4, "little"), 64)
        self._is_asleep = False
        self._is_woken = False
        clock.idle = self._sleep
        clock.on_schedule = self._scheduled

    def _sleep(self) -> float:
        """Sleep, take the window's events, and say what time it is, as Kivy's ``idle`` does."""
        clock = self._clock
        self._is_asleep = True  # before looking at what is due: whatever is scheduled from now on wakes
        due_s = clock.get_min_timeout()  # a time of the clock, or 0 where every frame is wanted
        self._wait(min(max(due_s, clock._last_tick + _FRAME_S), clock._last_tick + _LONGEST_S))
        self._is_asleep = self._is_woken = False
        self._window.mainloop()
        now_s = clock.time()
        clock._dt = now_s - clock._last_tick
        clock._last_tick = now_s
        return float(now_s)

    def _wait(self, until_s: float) -> None:
        clock = self._clock
        if until_s > clock.time() and not self._is_woken:
            self._rest(until_s)
        rest_s = clock._last_tick + _SHORTEST_S - clock.time()
        if rest_s > 0:
            clock.usleep(rest_s * 1_000_000)

    def _sleep_in_sdl(self, until_s: float) -> None:
        self._sdl.SDL_WaitEventTimeout(None, max(1, round((until_s - self._clock.time()) * 1000)))

    def _look(self, until_s: float) -> None:
        clock = self._clock
        while not (self._is_woken or self._sdl.SDL_PollEvent(None)):
            left_s = until_s - clock.time()
            if left_s <= 0:
                return
            clock.usleep(min(left_s, _LOOK_S) * 1_000_000)

    def _scheduled(self, _: Any) -> None:
        """Something was scheduled, on any thread: one that does not draw wakes the one that does."""
        if self._is_asleep and not self._is_woken and threading.get_ident() != self._drawing_thread:
            self._is_woken = True
            self._sdl.SDL_PushEvent(self._nothing)
