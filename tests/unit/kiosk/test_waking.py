"""The sleep between two frames: as long as nothing is due, and over at once for a touch or a message."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from kiosk.waking import Waking

FRAME_S = 1 / 60


class StillClock:
    """Kivy's clock, as far as the sleep needs it; its time passes by sleeping alone."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self._last_tick = 100.0
        self._dt = 0.0
        self.due_s = 200.0
        """Of the clock, or 0 where something wants every frame."""
        self.idle: Callable[[], float] = lambda: 0.0
        self.on_schedule: Callable[[Any], None] = lambda event: None

    def time(self) -> float:
        return self.now_s

    def get_min_timeout(self) -> float:
        return self.due_s

    def usleep(self, microseconds: float) -> None:
        self.now_s += microseconds / 1_000_000


class Sdl:
    """Sleeps as long as it is asked to, or until ``event_after_s``."""

    def __init__(self, clock: StillClock) -> None:
        self._clock = clock
        self.event_after_s: float | None = None
        self.asleep: Callable[[], None] = lambda: None
        self.slept_ms: list[int] = []
        self.looked = 0
        self.pushed = 0

    def SDL_WaitEventTimeout(self, event: object, timeout_ms: int) -> int:
        assert event is None  # it stays in the queue, for Kivy to take
        self.slept_ms.append(timeout_ms)
        self.asleep()
        after_s = self.event_after_s
        self._clock.now_s += timeout_ms / 1000 if after_s is None else after_s
        return int(after_s is not None)

    def SDL_PollEvent(self, event: object) -> int:
        assert event is None
        self.looked += 1
        self.asleep()
        return int(self.event_after_s is not None and self._clock.now_s >= 100 + self.event_after_s)

    def SDL_PushEvent(self, event: object) -> int:
        self.pushed += 1
        return 1


class Window:
    """Counts how often its events were taken."""

    taken = 0

    def mainloop(self) -> None:
        self.taken += 1


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def sdl(clock: StillClock) -> Sdl:
    return Sdl(clock)


@pytest.fixture
def window(clock: StillClock, sdl: Sdl) -> Window:
    window = Window()
    Waking(clock, window, sdl, "x11")
    return window


@pytest.mark.usefixtures("window")
def test_still_screen_sleeps_until_something_is_due(clock: StillClock, sdl: Sdl) -> None:
    clock.due_s = 100.1
    assert clock.idle() == pytest.approx(100.1)
    assert clock._last_tick == pytest.approx(100.1)
    assert clock._dt == pytest.approx(0.1)
    clock.due_s = 200.0
    assert clock.idle() == pytest.approx(100.35)  # and no longer than this: nothing can be overlooked
    assert sdl.slept_ms == [100, 250]


@pytest.mark.usefixtures("window")
def test_what_moves_is_drawn_at_the_frame_rate(clock: StillClock) -> None:
    clock.due_s = 0.0  # an animation wants every frame
    assert clock.idle() == pytest.approx(100 + FRAME_S, abs=0.001)


def test_touch_is_taken_at_once(clock: StillClock, sdl: Sdl, window: Window) -> None:
    sdl.event_after_s = 0.007
    assert clock.idle() == pytest.approx(100.007)
    assert window.taken == 1  # before the frame is drawn, not after


@pytest.mark.usefixtures("window")
def test_finger_that_moves_does_not_make_more_passes_than_can_be_seen(clock: StillClock, sdl: Sdl) -> None:
    sdl.event_after_s = 0.0001
    assert clock.idle() == pytest.approx(100.004)


@pytest.mark.usefixtures("window")
def test_late_frame_does_not_sleep(clock: StillClock, sdl: Sdl) -> None:
    clock.now_s += 0.3
    assert clock.idle() == pytest.approx(100.3)
    assert sdl.slept_ms == []


@pytest.mark.usefixtures("window")
def test_message_from_another_thread_wakes_once(clock: StillClock, sdl: Sdl) -> None:
    def message() -> None:
        for _ in range(3):
            clock.on_schedule(None)

    in_another_thread(message)
    assert sdl.pushed == 0  # awake, it sees what was scheduled by itself
    sdl.asleep = lambda: in_another_thread(message)
    clock.idle()
    assert sdl.pushed == 1
    clock.idle()
    assert sdl.pushed == 2
    clock.on_schedule(None)
    assert sdl.pushed == 2


def test_driver_that_cannot_sleep_is_looked_at_now_and_then(clock: StillClock, sdl: Sdl) -> None:
    window = Window()
    Waking(clock, window, sdl, "kmsdrm")
    sdl.event_after_s = 0.1
    assert clock.idle() == pytest.approx(100.1, abs=0.008)
    assert (sdl.slept_ms, window.taken) == ([], 1)
    assert sdl.looked < 20
    sdl.event_after_s = None
    assert clock.idle() == pytest.approx(100.35, abs=0.01)

    sdl.asleep = lambda: in_another_thread(lambda: clock.on_schedule(None))
    sdl.looked = 0
    clock.idle()
    assert sdl.looked == 1


def in_another_thread(act: Callable[[], None]) -> None:
    thread = threading.Thread(target=act)
    thread.start()
    thread.join()
