"""A scan that proves a release: a code is drawn, decoded, sent, and answered by the station (row 178)."""

import logging
import threading
from uuid import UUID

import numpy as np

from codes.pictures import Symbol, modules_of
from device.decoding.formats import COUNTER_FORMATS
from device.decoding.zxing import Grey, ZxingReader
from device.scribe import Scribe
from device.uplink import Listener
from messaging.events.trial_scanned import TrialScanned
from messaging.local.for_agent import DeviceAnswered
from messaging.station.result import Result
from messaging.station.sale import SaleShown
from messaging.station.settings import Desired
from runtime.clock import Clock
from runtime.errors import ComptoirError
from runtime.ids import new_id

_log = logging.getLogger(__name__)

_ANSWERED_WITHIN_S = 8.0
_SCALE, _QUIET = 6, 24


class TrialScan:
    """One at a time; ``on_result`` on the link's thread.

    Args:
        scribe: Stores and sends, as for every event.
        clock: Times the answer.
    """

    def __init__(self, scribe: Scribe, clock: Clock) -> None:
        self._scribe = scribe
        self._clock = clock
        self._turn = threading.Lock()
        self._answered = threading.Event()
        self._asked: UUID | None = None
        self._result: Result | None = None

    def run(self) -> DeviceAnswered:
        """Scan, send, and wait for the station's result."""
        with self._turn:
            began_s = self._clock.monotonic_s()
            event_id = new_id()
            text = f"TRIAL-{event_id}"
            try:
                read = _decoded(text)
            except ComptoirError as error:
                return DeviceAnswered(state="failed", detail=f"the decoder failed: {error.code}")
            if read != text:
                return DeviceAnswered(state="failed", detail="the decoder did not read a code drawn for it")
            self._answered.clear()
            self._result, self._asked = None, event_id
            recorded = self._scribe.record(
                event_id, TrialScanned(text=text, symbology="QRCode"), new_id(), None
            )
            if recorded != "stored":
                return DeviceAnswered(state="failed", detail=f"the event was not stored: {recorded}")
            if not self._answered.wait(_ANSWERED_WITHIN_S):
                return DeviceAnswered(state="failed", detail="the station did not answer")
            return _judged(self._result, (self._clock.monotonic_s() - began_s) * 1000)

    def on_result(self, result: Result) -> bool:
        """Whether it was ours: nobody else need hear of it."""
        if result.event_id != self._asked:
            return False
        self._result = result
        self._answered.set()
        return True


class TrialListener:
    """Passes on what the station says, and shows results to a waiting trial. On the link's thread."""

    def __init__(self, listener: Listener, trial: TrialScan) -> None:
        self._listener = listener
        self._trial = trial

    def on_result(self, result: Result) -> None:
        if not self._trial.on_result(result):
            self._listener.on_result(result)

    def on_sale(self, sale: SaleShown) -> None:
        self._listener.on_sale(sale)

    def on_desired(self, desired: Desired) -> None:
        self._listener.on_desired(desired)

    def on_online(self, is_online: bool) -> None:
        self._listener.on_online(is_online)

    def on_silence(self, is_silent: bool) -> None:
        self._listener.on_silence(is_silent)


def _decoded(text: str) -> str | None:
    modules = modules_of(text, Symbol.QR)
    picture = ((~modules) * 255).astype("uint8").repeat(_SCALE, axis=0).repeat(_SCALE, axis=1)
    grey: Grey = np.pad(picture, _QUIET, constant_values=255)
    found = ZxingReader(COUNTER_FORMATS).read(grey, "trial")
    return next((each.text for each in found if each.text is not None), None)


def _judged(result: Result | None, spent_ms: float) -> DeviceAnswered:
    if result is None or result.outcome != "accepted":
        why = result.why.code if result is not None and result.why is not None else "refused"
        return DeviceAnswered(state="failed", detail=f"the station refused it: {why}")
    return DeviceAnswered(state="ok", detail=f"sale completed in {spent_ms:.0f} ms")
