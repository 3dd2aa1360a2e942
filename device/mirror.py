"""A mirror of the kiosk's screen: off unless staff accept it there, or a demonstration's settings do."""

import itertools
import threading
from collections.abc import Callable

from device.errors import SimulationError
from messaging.local.from_kiosk import PictureTaken
from messaging.local.to_kiosk import PictureAsked, ToKiosk, TouchInjected
from runtime.clock import Clock

_TIMEOUT_S = 5.0
ALLOWED_S = 15 * 60.0
"""Of an acceptance at the screen."""


class Mirror:
    """Asks the kiosk for pictures of its screen, and passes touches on. Any thread; ``picture`` waits.

    Args:
        is_accepted: The device's configuration says so, for a demonstration.
        send: Sends to the kiosk; False where none is connected.
        clock: Ends what staff accepted at the screen.
    """

    def __init__(self, is_accepted: bool, send: Callable[[ToKiosk], bool], clock: Clock) -> None:
        self._is_accepted = is_accepted
        self._clock = clock
        self._allowed_until_s = 0.0
        self._send = send
        self._requests = itertools.count(1)
        self._arrived = threading.Condition()
        self._pictures: dict[int, PictureTaken] = {}

    def picture(self, timeout_s: float = _TIMEOUT_S) -> PictureTaken:
        """The screen as it is now.

        Raises:
            SimulationError: The mirror is not accepted, there is no kiosk, or it does not answer.
        """
        self._check()
        request = next(self._requests)
        if not self._send(PictureAsked(request=request)):
            raise SimulationError("no kiosk is connected")
        with self._arrived:
            if not self._arrived.wait_for(lambda: request in self._pictures, timeout_s):
                raise SimulationError("the kiosk did not answer")
            return self._pictures.pop(request)

    def touch(self, x: float, y: float) -> None:
        """Touch the screen at a place from 0,0 (upper left) to 1,1.

        Raises:
            SimulationError: The mirror is not accepted, or there is no kiosk.
        """
        self._check()
        if not self._send(TouchInjected(x=x, y=y)):
            raise SimulationError("no kiosk is connected")

    def allow(self, *, on: bool) -> None:
        """Staff accept the mirror at the screen for a quarter of an hour, or end it."""
        self._allowed_until_s = self._clock.monotonic_s() + ALLOWED_S if on else 0.0

    @property
    def allowed_s(self) -> float:
        """For how long yet staff let the screen be seen; 0 where nobody did."""
        return max(0.0, self._allowed_until_s - self._clock.monotonic_s())

    @property
    def is_allowed(self) -> bool:
        return self._is_accepted or self.allowed_s > 0

    def taken(self, picture: PictureTaken) -> None:
        """The kiosk answered; an answer that came too late makes way for the newer."""
        with self._arrived:
            self._pictures = {
                number: old for number, old in self._pictures.items() if number > picture.request - 8
            }
            self._pictures[picture.request] = picture
            self._arrived.notify_all()

    def _check(self) -> None:
        if not self.is_allowed:
            raise SimulationError("the mirror is not accepted at this device")
