"""What the station sent last: kept for a kiosk that connects later, forwarded to one that is there.

Latest state wins: a sale or settings message replaces the one before it.
"""

import logging
import threading
from collections.abc import Callable
from typing import Literal
from uuid import UUID

from device.errors import OutboxError
from device.outbox import Outbox
from device.station_time import StationTime
from messaging.codec import decode, encode
from messaging.errors import MessagingError
from messaging.local.to_kiosk import LinkChanged, ResultArrived, SaleChanged, SettingsArrived, ToKiosk
from messaging.station.result import Result
from messaging.station.sale import SaleShown
from messaging.station.settings import Desired
from runtime.clock import Clock

_log = logging.getLogger(__name__)

_KEPT_SETTINGS = "desired"
_REMEMBERED_EVENTS = 64


class Shown:
    """The latest of each. Any thread.

    Args:
        outbox: Keeps the settings over a restart without the station.
        station_time: Learns the time from fresh results.
        clock: Times how fresh a result is.
        readers: What kinds of readers this counter has.
        to_kiosk: Sends to the kiosk; never blocks.
    """

    def __init__(
        self,
        outbox: Outbox,
        station_time: StationTime,
        clock: Clock,
        readers: tuple[Literal["scanner", "camera"], ...],
        to_kiosk: Callable[[ToKiosk], bool],
    ) -> None:
        self._outbox = outbox
        self._station_time = station_time
        self._clock = clock
        self._readers = readers
        self._to_kiosk = to_kiosk
        self._lock = threading.Lock()
        self._sale: SaleShown | None = None
        self._is_online = False
        self._is_silent = False
        self._desired = self._kept_settings()
        self._asked_s: dict[UUID, float] = {}

    @property
    def open_sale(self) -> UUID | None:
        """The open sale that stands on the screen, or would on a screen (decision X14)."""
        with self._lock:
            return self._sale.sale if self._sale is not None and self._sale.state == "open" else None

    @property
    def is_online(self) -> bool:
        """Whether the broker is connected."""
        with self._lock:
            return self._is_online

    @property
    def is_served(self) -> bool:
        """Whether a station answers, as far as is known: the broker is there, and nobody waits in vain."""
        with self._lock:
            return self._is_online and not self._is_silent

    @property
    def settings_version(self) -> int:
        """Of the settings that run; 0 before any came."""
        with self._lock:
            return 0 if self._desired is None else self._desired.version

    @property
    def desired(self) -> Desired | None:
        """The settings that run; None before any came."""
        with self._lock:
            return self._desired

    @property
    def is_training(self) -> bool:
        """Whether the lane is one where nobody is a customer."""
        with self._lock:
            return self._desired is not None and self._desired.training

    def asked(self, event_id: UUID) -> None:
        """An event was made just now: its result will tell the station's time."""
        with self._lock:
            self._asked_s[event_id] = self._clock.monotonic_s()
            while len(self._asked_s) > _REMEMBERED_EVENTS:
                del self._asked_s[next(iter(self._asked_s))]

    def on_result(self, result: Result) -> None:
        self._to_kiosk(ResultArrived(result=result))
        with self._lock:
            asked_s = self._asked_s.pop(result.event_id, None)
        if asked_s is not None:
            self._station_time.heard(result.at, asked_s)

    def on_sale(self, sale: SaleShown) -> None:
        with self._lock:
            if self._sale is not None and sale.revision < self._sale.revision:
                return
            self._sale = sale
        self._to_kiosk(SaleChanged(sale=sale))

    def on_desired(self, desired: Desired) -> None:
        with self._lock:
            is_news = self._desired is None or self._desired.model_copy(update={"at": desired.at}) != desired
            self._desired = desired
        self._to_kiosk(self._settings(desired))
        if not is_news:
            return
        try:
            self._outbox.keep(_KEPT_SETTINGS, encode(desired))
        except OutboxError as error:
            _log.warning("settings not kept", extra={"why": error.message})

    def on_online(self, is_online: bool) -> None:
        with self._lock:
            self._is_online = is_online
            if is_online and self._sale is not None:
                # A station that was restored counts its revisions anew.
                self._sale = self._sale.model_copy(update={"revision": 0})
        self.tell_link()

    def on_silence(self, is_silent: bool) -> None:
        with self._lock:
            self._is_silent = is_silent
        self.tell_link()

    def tell_link(self) -> None:
        """Tell the kiosk whether the station is there and how many events wait."""
        self._to_kiosk(LinkChanged(online=self.is_served, waiting_events=self._outbox.queued))

    def tell_all(self) -> None:
        """Tell a kiosk that just connected everything."""
        with self._lock:
            desired, sale = self._desired, self._sale
        if desired is not None:
            self._to_kiosk(self._settings(desired))
        self.tell_link()
        if sale is not None:
            self._to_kiosk(SaleChanged(sale=sale))

    def _settings(self, desired: Desired) -> SettingsArrived:
        return SettingsArrived(settings=desired.kiosk, training=desired.training, readers=self._readers)

    def _kept_settings(self) -> Desired | None:
        try:
            kept = self._outbox.kept(_KEPT_SETTINGS)
            return None if kept is None else decode(kept, Desired)
        except (OutboxError, MessagingError) as error:
            _log.warning("kept settings are unusable", extra={"code": error.code})
            return None
