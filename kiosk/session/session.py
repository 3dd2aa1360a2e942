"""The kiosk's conversation with its customers, put together."""

from collections.abc import Callable

from kiosk.session.arrivals import Arrivals
from kiosk.session.conversation import Conversation
from kiosk.session.limits import Limits
from kiosk.session.passing_time import PassingTime
from kiosk.session.touches import Touches
from kiosk.session.view import Shop, View
from messaging.local.from_kiosk import FromKiosk
from messaging.local.to_kiosk import ToKiosk
from runtime.clock import Clock


class Session:
    """Touches and messages in, views and messages out. One thread: the one that draws.

    Args:
        clock: Only its monotonic time is used.
        say: Takes each message for the device process; must not block.
        limits: How long each thing may take.
        shop: What shows until the station's settings arrive.
    """

    def __init__(
        self,
        clock: Clock,
        say: Callable[[FromKiosk], None],
        limits: Limits | None = None,
        shop: Shop | None = None,
    ) -> None:
        self._talk = Conversation(clock, say, limits or Limits(), shop or Shop())
        self._arrivals = Arrivals(self._talk)
        self._time = PassingTime(self._talk)
        self.touch = Touches(self._talk)

    @property
    def view(self) -> View:
        return self._talk.view

    @property
    def wants_restart(self) -> bool:
        """Staff want this process to start anew."""
        return self._talk.wants_restart

    def listen(self, listener: Callable[[View], None]) -> None:
        """Have each new view; the present one is not repeated."""
        self._talk.listeners.append(listener)

    def receive(self, message: ToKiosk) -> None:
        """Take what the device process tells."""
        self._arrivals.receive(message)

    def linked(self, connected: bool) -> None:
        """The device process is there, or gone."""
        if connected:
            self._time.device_is_back()
            self._arrivals.device_is_back()
        else:
            self._time.device_is_gone()

    def tick(self) -> None:
        """Let time pass; call several times a second."""
        self._arrivals.forget_early()
        self._time.tick()
