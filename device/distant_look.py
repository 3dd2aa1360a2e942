"""The screen for staff elsewhere: one picture at a time, only while staff at the screen let it be seen.

While somebody is being served no picture leaves, whatever was allowed: it could show who they are. A lane in
training has no customers, so there every screen may be seen.
"""

import base64
import binascii
import io
import logging
import queue
import threading
from collections.abc import Callable, Iterable
from uuid import UUID

from PIL import Image

from device.errors import SimulationError
from device.mirror import Mirror
from messaging.station.distant_look import MOST_BYTES, LookAnswered, LookAsked, LookRefusal, in_parts
from runtime.lifecycle import Worker

_log = logging.getLogger(__name__)

_WIDEST_PX = 800
_QUALITIES = (80, 60, 40, 20)
_WAITING = 2

Tell = Callable[[Iterable[LookAnswered]], bool]


class DistantLook:
    """Answers on a thread of its own; ``asked`` from any.

    Args:
        mirror: The kiosk's screen, and whether it may be seen.
        may_show: Whether no customer can be on the screen just now.
        tell: Publishes the answer.
        has_screen: Whether this device has a kiosk.
    """

    def __init__(self, mirror: Mirror, may_show: Callable[[], bool], tell: Tell, *, has_screen: bool) -> None:
        self._mirror = mirror
        self._may_show = may_show
        self._tell = tell
        self._has_screen = has_screen
        self._asked: queue.Queue[LookAsked | None] = queue.Queue(_WAITING)
        self._worker = Worker("distant look", self._run)

    def start(self) -> None:
        self._worker.start()

    def stop(self) -> None:
        self._worker.stopping.set()
        self.asked(None)
        self._worker.stop()

    def asked(self, look: LookAsked | None) -> None:
        """Never blocks; whoever asks too often is not answered."""
        try:
            self._asked.put_nowait(look)
        except queue.Full:
            _log.warning("asked for pictures of the screen too often")

    def answer(self, look: LookAsked) -> list[LookAnswered]:
        """The picture in parts, or why there is none."""
        if look.what != "picture":
            return [_refused(look.id, "no_log")]
        if not self._has_screen:
            return [_refused(look.id, "no_screen")]
        if not self._mirror.is_allowed:
            return [_refused(look.id, "not_allowed")]
        if not self._may_show():
            return [_refused(look.id, "in_use")]
        try:
            picture = _smaller(self._mirror.picture().image_base64)
        except SimulationError:
            return [_refused(look.id, "no_answer")]
        # Asked again: somebody may have come while it was drawn.
        if not self._may_show():
            return [_refused(look.id, "in_use")]
        _log.info("a picture of the screen was given", extra={"look": str(look.id), "bytes": len(picture)})
        return in_parts(look.id, picture, int(self._mirror.allowed_s))

    def _run(self, stopping: threading.Event) -> None:
        while not stopping.is_set():
            try:
                look = self._asked.get(timeout=1.0)
            except queue.Empty:
                continue
            if look is not None:
                self._tell(self.answer(look))


def _refused(look: UUID, why: LookRefusal) -> LookAnswered:
    return LookAnswered(id=look, refused=why)


def _smaller(image_base64: str) -> bytes:
    """The picture as a JPEG that fits into one answer.

    Raises:
        SimulationError: It is no picture.
    """
    try:
        picture = Image.open(io.BytesIO(base64.b64decode(image_base64))).convert("RGB")
    except (binascii.Error, OSError, ValueError, Image.DecompressionBombError) as error:
        raise SimulationError("the kiosk sent no picture") from error
    picture.thumbnail((_WIDEST_PX, _WIDEST_PX))
    for quality in _QUALITIES:
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=quality, optimize=True)
        if file.tell() <= MOST_BYTES:
            return file.getvalue()
    raise SimulationError("the picture is too large")
