"""Puts the kiosk together and runs it until it is told to stop."""

import logging
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

from pydantic import ValidationError

from kiosk.configuration import KioskConfiguration
from kiosk.errors import DrawnSizeError, KioskError
from kiosk.fonts import find_fonts
from kiosk.inbox import Inbox
from kiosk.session import Session
from kiosk.session.limits import Limits
from kiosk.session.view import Shop, Step, View
from kiosk.sound.player import Player
from kiosk.sound.sounding import Sounding
from kiosk.turning import kivy_rotation
from kiosk.waking import Waking
from kiosk.window import begin_again, check_driver, check_size, loaded_sdl, prepare
from messaging.local.from_kiosk import FromKiosk, KioskAlive, KioskReady, PreviewWanted
from messaging.local.to_kiosk import TO_KIOSK, PictureAsked, PreviewReady, ToKiosk, TouchInjected
from messaging.local_socket import LocalClient
from runtime.clock import Clock, SystemClock
from runtime.figures import memory_bytes
from runtime.lifecycle import stop_signals
from runtime.notify import ServiceNotifier, watchdog_interval_s
from runtime.release import started_from

_log = logging.getLogger(__name__)

_ALIVE_S = 1.0
_STOP_LOOK_S = 0.1
_READ_AFTER_S = 0.25
"""A screen has faded in by then, and whoever types on is not talked into."""

_FAILED = 1


def run(config: KioskConfiguration) -> int:
    """Show the screen until SIGTERM or SIGINT.

    Returns:
        The exit status: 0 when asked to stop, 1 when the screen cannot be shown.
    """
    started_s = time.perf_counter()
    try:
        with stop_signals() as stopping, tempfile.TemporaryDirectory(prefix="comptoir-kiosk-") as home:
            size = prepare(config, home)
            kiosk = Kiosk(config, size, SystemClock(), stopping)
            kiosk.run(started_s)
    except KioskError as error:
        _log.error(error.message, extra={"code": error.code, **error.fields})
        return _FAILED
    if isinstance(kiosk.failure, DrawnSizeError) and config.size == "auto":
        begin_again(str(kiosk.failure.fields["shown"]))
    return _FAILED if kiosk.failure else 0


class Kiosk:
    """Window, session and link to the device process.

    Args:
        config: The section ``[kiosk]``.
        size: What the window was prepared with.
        clock: Times the session.
        stopping: Ends the application when set; looked at on the drawing thread.
        connect: Makes the link to the device process; tests give their own.
    """

    def __init__(
        self,
        config: KioskConfiguration,
        size: tuple[int, int],
        clock: Clock,
        stopping: Event,
        connect: Callable[..., Any] = LocalClient,
    ) -> None:
        self.failure: KioskError | None = None
        fonts = find_fonts()
        # Only now: Kivy opens its window on import, in the size and on the driver that were prepared.
        from kivy.clock import Clock as KivyClock  # noqa: PLC0415
        from kivy.core.window import Window  # noqa: PLC0415

        from kiosk.app import KioskApp  # noqa: PLC0415
        from kiosk.screens.mirror import Mirror  # noqa: PLC0415
        from kiosk.screens.texts import texts_read  # noqa: PLC0415

        self.driver = check_driver(config)
        Window.rotation = kivy_rotation(config.turn)  # of a window that is made: else its size is turned too
        self._size = size
        self._stopping = stopping
        self._window = Window
        self._kivy_clock = KivyClock
        self._notifier = ServiceNotifier()
        limits = Limits(idle_s=config.idle_timeout_s, warn_s=config.warn_s)
        shop = Shop(languages=config.languages, region=config.region)
        self.session = Session(clock, self._say, limits, shop)
        self.app = KioskApp(self.session, fonts, motion=config.motion, warn_s=config.warn_s)
        self._inbox = Inbox(self._handle, KivyClock.create_trigger)
        self._link = connect(config.socket, self._frame, self._linked)
        self._mirror = Mirror(self._link.send, self._marked)
        self._sounding: Sounding | None = None
        if config.sound_device:
            self._may_speak = config.speech == "asked"
            self.app.speaks = self._may_speak
            player = Player(config.sound_device, config.volume_percent)
            self._sounding = Sounding(player, lambda: texts_read(self.app.stage), cues=config.cues)
            self._drawn = KivyClock.create_trigger(self._read_aloud, _READ_AFTER_S)
        self._mirrors_always = config.mirror
        self._is_watched = False
        self._wants_preview = False
        self.session.listen(self._view_changed)

    def run(self, started_s: float = 0.0) -> None:
        """Draw until asked to stop; on the main thread.

        Args:
            started_s: ``time.perf_counter()`` of the process's start, for the log.
        """
        self._started_s = started_s
        self._window.bind(on_flip=self._first_picture)
        Waking(self._kivy_clock, self._window, loaded_sdl(), self.driver.lower())
        self._kivy_clock.schedule_interval(self._look_for_stop, _STOP_LOOK_S)
        try:
            self.app.run()
        finally:
            self._notifier.stopping()
            self._link.stop()
            self._mirror.stop()
            if self._sounding is not None:
                self._sounding.stop()

    def _first_picture(self, *_: Any) -> None:
        self._window.unbind(on_flip=self._first_picture)
        if not self._has_its_size():
            return
        self._window.bind(on_resize=self._resized)
        took_s = round(time.perf_counter() - self._started_s, 3)
        _log.info(
            "first picture", extra={"first_picture_s": took_s, "driver": self.driver, "pid": os.getpid()}
        )
        self._link.start()
        self._notifier.ready()
        self._kivy_clock.schedule_interval(self._alive, _ALIVE_S)
        watchdog_s = watchdog_interval_s()
        if watchdog_s is not None:
            self._kivy_clock.schedule_interval(lambda _: self._notifier.alive(), watchdog_s)

    def _resized(self, *_: Any) -> None:
        """A compositor may give another size later. Returns nothing: True would end the event."""
        self._has_its_size()

    def _has_its_size(self) -> bool:
        try:
            check_size(self._window, self._size)
        except KioskError as error:
            self._fail(error)
            return False
        return True

    def _fail(self, error: KioskError) -> None:
        _log.error(error.message, extra={"code": error.code, **error.fields})
        self.failure = error
        self.app.stop()

    def _look_for_stop(self, *_: Any) -> None:
        if self._stopping.is_set() or self.session.wants_restart:
            self.app.stop()

    def _alive(self, *_: Any) -> None:
        self._say(
            KioskAlive(
                frames=self.app.drawn_frames,
                step=self.session.view.step.value,
                memory_bytes=memory_bytes(),
                cpu_ms=round(time.process_time() * 1000),
            )
        )

    def _say(self, message: FromKiosk) -> None:
        self._link.send(message)

    def _frame(self, frame: bytes) -> None:
        """On the link's thread."""
        try:
            self._inbox.put(TO_KIOSK.validate_json(frame))
        except ValidationError as error:
            _log.warning("device message refused", extra={"faults": error.error_count()})

    def _linked(self, connected: bool) -> None:
        """On the link's thread."""
        self._inbox.put(connected)

    def _handle(self, thing: ToKiosk | bool) -> None:
        """On the drawing thread: a message, or whether the device process is there."""
        if isinstance(thing, bool):
            if thing:
                width, height = self._size
                self._say(KioskReady(width=width, height=height, driver=self.driver, release=started_from()))
            self.session.linked(thing)
        elif isinstance(thing, PictureAsked):
            if self._may_be_mirrored:
                self._mirror.picture(thing.request)
        elif isinstance(thing, TouchInjected):
            if self._may_be_mirrored:
                self._mirror.touch(thing.x, thing.y)
        elif isinstance(thing, PreviewReady):
            self.app.show_camera(Path(thing.file), thing.width, thing.height)
        else:
            self.session.receive(thing)

    @property
    def _may_be_mirrored(self) -> bool:
        """Whether somebody elsewhere may see this screen: in the demonstration, or while staff let them."""
        return self._mirrors_always or self.session.view.mirror_s is not None

    def _view_changed(self, view: View) -> None:
        """The camera's picture is wanted on one screen alone; it is passed on only meanwhile."""
        wanted = view.step in (Step.SCAN, Step.READING) and "camera" in view.shop.readers
        if wanted != self._wants_preview:
            self._wants_preview = wanted
            self._say(PreviewWanted(on=wanted))
            if not wanted:
                self.app.hide_camera()
        self._mark_mirror()
        if self._sounding is not None:
            sound = view.shop.sound
            # The machine says what it can, the shop what it wants of that.
            self.app.speaks = self._may_speak and (
                sound is None or (sound.speech and sound.volume_percent > 0)
            )
            self._sounding.changed(view)
            self._drawn()

    def _read_aloud(self, *_: Any) -> None:
        if self._sounding is not None:
            self._sounding.drawn()

    def _marked(self, watched: bool) -> None:
        self._is_watched = watched
        self._mark_mirror()

    def _mark_mirror(self) -> None:
        """The border stands while somebody looks, and all the while that staff let them."""
        if self.app.stage is not None:
            self.app.stage.mirrored(self._is_watched or self.session.view.mirror_s is not None)
