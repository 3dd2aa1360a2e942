"""The screen for somebody elsewhere, and their touches: only where the configuration allows it.

The device process asks only while a mirror was accepted there, so two switches guard it. While pictures
are asked for, a thin line around the screen says so.
"""

import base64
import io
import logging
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from kivy.app import App
from kivy.base import EventLoop
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glReadPixels
from kivy.input.motionevent import MotionEvent
from PIL import Image

from kiosk.screens.texts import texts_shown
from kiosk.turning import on_panel, upright
from messaging.local.from_kiosk import PictureTaken, TextShown

_log = logging.getLogger(__name__)
_MARK_S = 3.0


class MirrorTouch(MotionEvent):
    """A touch that came through a mirror, at a part of the panel as a finger's is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("is_touch", True)
        kwargs.setdefault("type_id", "touch")
        super().__init__(*args, **kwargs)
        self.profile = ["pos"]

    def depack(self, args: Any) -> None:
        """Take the place over; parts of the window, 0,0 being its lower left corner."""
        self.sx, self.sy = args
        super().depack(args)


class MirrorTouches:
    """An input provider, as Kivy has them for hardware: it is asked once a frame."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[float, float]] = deque()
        self._down: MirrorTouch | None = None
        self._count = 0
        self._soon = Clock.create_trigger(lambda _: None)

    def start(self) -> None:
        """Nothing to open."""

    def stop(self) -> None:
        """Nothing to close."""

    def touch(self, x: float, y: float) -> None:
        """Touch and let go; parts of the upright picture from its upper left corner."""
        self._waiting.append(on_panel(x, 1.0 - y, Window.rotation))
        self._soon()

    def update(self, dispatch_fn: Callable[[str, MirrorTouch], None]) -> None:
        """One step a frame: down, then up, as a finger needs at least."""
        if self._down is not None:
            released, self._down = self._down, None
            released.update_time_end()
            dispatch_fn("end", released)
        elif self._waiting:
            self._count += 1
            self._down = MirrorTouch("mirror", f"mirror{self._count}", self._waiting.popleft())
            dispatch_fn("begin", self._down)
            self._soon()


class _Seen(NamedTuple):
    """One drawn frame, and what stands on it."""

    pixels: bytes
    width: int
    height: int
    step: str
    texts: tuple[TextShown, ...]


class Mirror:
    """Answers requests for pictures. Drawing thread, but for the encoding.

    Args:
        send: Takes the answer, on any thread.
        mark: Called with True while the screen is watched, False when that ended.
    """

    def __init__(self, send: Callable[[PictureTaken], Any], mark: Callable[[bool], None]) -> None:
        self.touches = MirrorTouches()
        self._send = send
        self._mark = mark
        self._encoder = ThreadPoolExecutor(1, thread_name_prefix="mirror-encoder")
        self._asked: int | None = None
        self._changed = True
        self._last: _Seen | None = None
        self._watched = False
        self._unmark = Clock.create_trigger(self._not_watched, _MARK_S)
        EventLoop.add_input_provider(self.touches)
        Window.bind(on_flip=self._flipping)

    def picture(self, request: int) -> None:
        """Send the screen as it is drawn next; the last picture again where nothing changed."""
        if not self._watched:
            self._watched = True
            self._mark(True)
        self._unmark.cancel()
        self._unmark()
        if self._last is not None and not self._changed and not Window.canvas.needs_redraw:
            self._encoder.submit(self._answer, request, self._last)
            return
        self._asked = request
        Window.canvas.ask_update()

    def touch(self, x: float, y: float) -> None:
        """A touch at a part of the window, from its upper left corner."""
        self.touches.touch(x, y)

    def stop(self) -> None:
        self._encoder.shutdown(wait=False, cancel_futures=True)

    def _flipping(self, *_: Any) -> None:
        # Called after drawing and before the buffers change places: only now the pixels are this frame's.
        self._changed = True
        if self._asked is None:
            return
        request, self._asked = self._asked, None
        app = App.get_running_app()
        self._last = _Seen(*read_pixels(), app.view.step.value, texts_shown(app.root))
        self._changed = False
        self._encoder.submit(self._answer, request, self._last)

    def _answer(self, request: int, seen: "_Seen") -> None:
        try:
            image = base64.b64encode(png(seen.pixels, seen.width, seen.height)).decode()
            self._send(
                PictureTaken(
                    request=request,
                    width=seen.width,
                    height=seen.height,
                    image_base64=image,
                    step=seen.step,
                    texts=seen.texts,
                )
            )
        except Exception:  # noqa: BLE001 - top of the encoder thread; the screen goes on without a mirror
            _log.exception("a picture for the mirror failed")

    def _not_watched(self, *_: Any) -> None:
        self._watched = False
        self._last = None
        self._mark(False)


def read_pixels() -> tuple[bytes, int, int]:
    """RGB rows from the bottom up, width and height; upright, however the panel is mounted.

    Call before the buffers change places.
    """
    width, height = (round(side) for side in Window.system_size)
    pixels = bytes(glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE))
    return upright(pixels, width, height, Window.rotation)


def png(pixels: bytes, width: int, height: int) -> bytes:
    """Pixels as from :func:`read_pixels` as a PNG file."""
    image = Image.frombytes("RGB", (width, height), pixels).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=1)
    return file.getvalue()
