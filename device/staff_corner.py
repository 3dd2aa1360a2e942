"""The staff corner of the customer's screen: who gets in, what they see, and readings that are tests.

While it is open readings become no events: a test card must not put anybody on a sale. It closes by itself
when the screen no longer says that it is open.
"""

import json
import logging
import threading
from collections.abc import Callable, Mapping

from device.errors import OutboxError
from device.outbox import Outbox
from device.readings import Misread, Reading
from device.scanners.layout_check import played_layout
from messaging.local.to_kiosk import DeviceStatus, ReadingShown, StaffAnswered, ToKiosk
from messaging.self_test import LAYOUT_TEST_TEXT, SELF_TEST_TEXT
from messaging.staff_code import is_right
from runtime.clock import Clock

_log = logging.getLogger(__name__)

MAX_TRIES = 5
FIRST_WAIT_S, LONGEST_WAIT_S = 300.0, 3600.0
STAYS_S = 10.0
"""After so long without a word of the screen the corner is closed."""

_KEPT = "staff_tries"


class StaffCorner:
    """Any thread; its lock is never held while a code is tried.

    Args:
        clock: Times waits and the corner's end.
        outbox: Keeps the number of wrong codes over a restart: pulling the plug gives no new tries.
        verifier: What the station sent of the code; None where the shop has set none.
        status: How the device is.
        layouts: The configured keyboard of each scanner that types.
        to_kiosk: Sends to the screen.
        restart: Ends the process, to be started anew.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        outbox: Outbox,
        verifier: Callable[[], str | None],
        status: Callable[[], DeviceStatus],
        layouts: Mapping[str, str],
        to_kiosk: Callable[[ToKiosk], bool],
        restart: Callable[[], None],
    ) -> None:
        self._clock = clock
        self._outbox = outbox
        self._verifier = verifier
        self._status = status
        self._layouts = layouts
        self._to_kiosk = to_kiosk
        self._restart = restart
        self._lock = threading.Lock()
        self._wrong = self._kept_wrong()
        self._closed_until_s = clock.monotonic_s() + self._wait_s() if self._wrong >= MAX_TRIES else 0.0
        self._open_until_s = 0.0

    @property
    def is_open(self) -> bool:
        return self._clock.monotonic_s() < self._open_until_s

    def typed(self, digits: str) -> None:
        """Somebody typed a code."""
        verifier = self._verifier()
        if verifier is None:
            self._answer(admitted=False, is_set=False)
            return
        with self._lock:
            if self._clock.monotonic_s() < self._closed_until_s:
                self._answer(admitted=False)
                return
            self._note_wrong(self._wrong + 1)  # before it is tried: two at once are two tries
        if not is_right(digits, verifier):
            _log.warning("a wrong code at the staff corner", extra={"tries": self._wrong})
            with self._lock:
                if self._wrong >= MAX_TRIES:
                    self._closed_until_s = self._clock.monotonic_s() + self._wait_s()
            self._answer(admitted=False)
            return
        with self._lock:
            self._note_wrong(0)
            self._open_until_s = self._clock.monotonic_s() + STAYS_S
        _log.info("the staff corner was opened")
        self._answer(admitted=True)
        self._to_kiosk(self._status())

    def stays(self) -> None:
        """The screen still shows the corner: it gets the state anew."""
        if self.is_open:
            self._open_until_s = self._clock.monotonic_s() + STAYS_S
            self._to_kiosk(self._status())

    def left(self) -> None:
        self._open_until_s = 0.0

    def restart(self) -> None:
        """Start the device process anew, if it is staff who ask."""
        if self.is_open:
            _log.info("a restart was asked for at the staff corner")
            self._restart()

    def took(self, read: Reading | Misread) -> bool:
        """Whether this reading was a test; it is told to the screen then and becomes no event."""
        if not self.is_open:
            return False
        if isinstance(read, Misread):
            told = ReadingShown(reader=read.reader, text="", symbology="", verdict="misread")
        else:
            told = self._told(read)
        self._to_kiosk(told)
        return True

    def _told(self, read: Reading) -> ReadingShown:
        symbology = read.symbology or ""
        configured = self._layouts.get(read.reader)
        if read.text in (SELF_TEST_TEXT, LAYOUT_TEST_TEXT):
            return ReadingShown(reader=read.reader, text=read.text, symbology=symbology, verdict="good")
        played = played_layout(read.text, configured) if configured is not None else None
        if played is not None:
            return ReadingShown(
                reader=read.reader,
                text=read.text,
                symbology=symbology,
                verdict="layout",
                layout=played,
                configured=configured,
            )
        return ReadingShown(reader=read.reader, text=read.text, symbology=symbology, verdict="other")

    def _answer(self, *, admitted: bool, is_set: bool = True) -> None:
        wait_s = max(0.0, self._closed_until_s - self._clock.monotonic_s())
        self._to_kiosk(
            StaffAnswered(
                admitted=admitted,
                tries_left=max(0, MAX_TRIES - self._wrong) if wait_s == 0 else 0,
                wait_s=int(-(-wait_s // 1)),
                is_set=is_set,
            )
        )

    def _wait_s(self) -> float:
        """Each wrong code beyond the fifth doubles the wait."""
        doubled: float = FIRST_WAIT_S * 2 ** max(0, min(self._wrong - MAX_TRIES, 8))
        return min(LONGEST_WAIT_S, doubled)

    def _note_wrong(self, count: int) -> None:
        if count == self._wrong:
            return
        self._wrong = count
        try:
            self._outbox.keep(_KEPT, json.dumps(count).encode())
        except OutboxError as error:
            _log.warning("tries at the staff corner are not kept", extra={"why": error.message})

    def _kept_wrong(self) -> int:
        try:
            kept = self._outbox.kept(_KEPT)
            return max(0, int(json.loads(kept))) if kept is not None else 0
        except (OutboxError, ValueError, TypeError):
            return 0
