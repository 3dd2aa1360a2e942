"""The coordinator: what readers and kiosk give becomes events; what the station says goes to the kiosk.

Readers call on their threads, the kiosk and the link on theirs; one lock orders them, and nothing under it
waits for a person, a screen or the network. The only wait is the commit to disk of an event, which is
the point of it. A frozen kiosk loses display states, never a scan.
"""

import logging
import threading
from collections.abc import Callable
from typing import Literal
from uuid import UUID

from pydantic import ValidationError

from codes.card import Rejected
from codes.scanned import ScannedCard, classify
from codes.verifying import CardVerifier
from device.filters import NoiseFilter, RepeatFilter
from device.kiosk_watch import KioskWatch
from device.mirror import Mirror
from device.readings import Misread, MisreadReason, Reading
from device.scribe import Scribe
from device.session_book import EndedSession, SessionBook
from device.shown import Shown
from device.staff_corner import StaffCorner
from messaging.events.code_read import CodeRead
from messaging.events.registry import EventBody
from messaging.events.session_ended import SessionEnded
from messaging.local.from_kiosk import (
    FROM_KIOSK,
    FromKiosk,
    KioskAlive,
    KioskReady,
    MirrorAllowed,
    PictureTaken,
    PreviewWanted,
    RestartAsked,
    Said,
    SessionClosed,
    SessionStarted,
    StaffCodeTyped,
    StaffLeft,
    StaffStays,
)
from messaging.local.to_kiosk import CodeNoticed, CodeRefused, EventNotStored, EventStored, ToKiosk
from messaging.station.result import Result
from messaging.station.sale import SaleShown
from messaging.station.settings import Desired
from runtime.clock import Clock
from runtime.ids import new_id
from runtime.lifecycle import Worker

_log = logging.getLogger(__name__)

Signature = Literal["good", "bad", "none"]
_RefusedReason = Literal[
    "too_long", "not_text", "control_characters", "cut_off", "bad_signature", "other_shop"
]

_REFUSED: dict[MisreadReason, _RefusedReason] = {
    MisreadReason.HALF_CODE: "cut_off",
    MisreadReason.EVENTS_LOST: "cut_off",
    MisreadReason.UNPLUGGED: "cut_off",
    MisreadReason.TOO_LONG: "too_long",
    MisreadReason.CONTROL_CHARACTERS: "control_characters",
    MisreadReason.NOT_UTF8: "not_text",
}


class Counter:
    """One counter position. Any thread.

    Args:
        scribe: Makes events of what is said.
        shown: What the station last sent, and with it the sale that stands on the screen.
        mirror: Gets the pictures that the kiosk takes.
        verifier: Knows the keys of this shop's cards; None answers "none" for every code.
        clock: Times sessions and repeats.
        watch: Notices a kiosk that froze.
        to_kiosk: Sends to the kiosk; never blocks; False where none is connected.
        corner: Lets staff in, and takes readings for tests while they are there.
        preview: Told whether the screen wants the camera's picture.
        on_death: Told when the thread that ends sessions died.
    """

    def __init__(
        self,
        *,
        scribe: Scribe,
        shown: Shown,
        mirror: Mirror,
        verifier: CardVerifier | None,
        clock: Clock,
        watch: KioskWatch,
        to_kiosk: Callable[[ToKiosk], bool],
        corner: StaffCorner | None = None,
        preview: Callable[[bool], None] | None = None,
        on_death: Callable[[str], None] | None = None,
    ) -> None:
        self._scribe = scribe
        self._shown = shown
        self._mirror = mirror
        self._verifier = verifier
        self._clock = clock
        self._watch = watch
        self._alive: KioskAlive | None = None
        self._to_kiosk = to_kiosk
        self._corner = corner
        self._preview = preview
        self._book = SessionBook(clock)
        self._repeats = RepeatFilter(clock)
        self._noise = NoiseFilter()
        self._changed = threading.Condition(threading.RLock())
        self._worker = Worker("sessions", self._end_quiet_sessions, on_death)

    def start(self) -> None:
        self._worker.start()

    def stop(self) -> None:
        self._worker.stopping.set()
        with self._changed:
            self._changed.notify_all()
        self._worker.stop()

    def on_reading(self, read: Reading | Misread) -> None:
        """A reader gave something; on its thread."""
        if self._corner is not None and self._corner.took(read):
            return
        with self._changed:
            if self._repeats.is_repeat(read, self._book.current):
                return
            if isinstance(read, Misread):
                self._to_kiosk(CodeRefused(reason=_REFUSED[read.reason], source=read.source))
            elif not self._noise.is_noise(read):
                self._on_code(read)

    def _on_code(self, read: Reading) -> None:
        session = self._book.for_scan()
        self._repeats.opened(read, session)
        body = CodeRead.model_validate(
            {
                "text": read.text,
                "symbology": read.symbology or "unknown",
                "source": read.source,
                "reader": read.reader,
            }
        )
        event_id = new_id()
        noticed = CodeNoticed(
            event_id=event_id, session=session, source=read.source, signature=self._signature(read.text)
        )
        self._record(event_id, body, session, noticed)

    def on_kiosk_frame(self, frame: bytes) -> None:
        """The kiosk said something; on the local socket's thread."""
        try:
            message = FROM_KIOSK.validate_json(frame)
        except ValidationError as error:
            _log.warning("kiosk message refused", extra={"faults": error.error_count()})
            return
        self._on_kiosk(message)

    def on_kiosk_connected(self) -> None:
        """A kiosk is there: it gets what the station last sent."""
        with self._changed:
            self._book.kiosk_came()
            self._watch.came()
            self._changed.notify_all()
        self._shown.tell_all()

    def on_kiosk_gone(self) -> None:
        if self._preview is not None:
            self._preview(False)
        self._mirror.allow(on=False)
        with self._changed:
            self._book.kiosk_left()
            self._watch.left()
            self._changed.notify_all()

    def on_result(self, result: Result) -> None:
        """The station answered an event; on the link's thread, as all that follows."""
        self._shown.on_result(result)

    def on_sale(self, sale: SaleShown) -> None:
        """The sale of the lane changed; without a screen its end is the end of the customer's session."""
        with self._changed:
            before = self._shown.open_sale
            self._shown.on_sale(sale)
            if before is None or before == self._shown.open_sale or self._watch.is_drawing:
                return
            session = self._book.current
            if session is not None:
                self._tell_end(self._book.closed(session), "paid" if sale.state == "paid" else "left")

    def on_desired(self, desired: Desired) -> None:
        self._shown.on_desired(desired)

    def on_online(self, is_online: bool) -> None:
        self._shown.on_online(is_online)

    def on_silence(self, is_silent: bool) -> None:
        self._shown.on_silence(is_silent)

    @property
    def session(self) -> UUID | None:
        """The running session."""
        with self._changed:
            return self._book.current

    @property
    def kiosk_alive(self) -> KioskAlive | None:
        """What a kiosk that draws last said of itself; None where none does."""
        with self._changed:
            return self._alive if self._watch.is_drawing else None

    @property
    def kiosk_release(self) -> str:
        """The release that the connected kiosk was started from; empty where it did not say."""
        with self._changed:
            return self._watch.release

    def _on_kiosk(self, message: FromKiosk) -> None:
        if isinstance(message, KioskAlive):
            with self._changed:
                self._alive = message
                self._watch.lives()
                self._changed.notify_all()
        elif isinstance(message, KioskReady):
            with self._changed:
                self._watch.release = message.release
                self._watch.lives(f"{message.driver} {message.width}x{message.height}")
        elif isinstance(message, Said):
            self._on_said(message)
        elif isinstance(message, SessionStarted):
            with self._changed:
                self._tell_end(self._book.started(message.session), "left")
                self._changed.notify_all()
        elif isinstance(message, SessionClosed):
            with self._changed:
                self._tell_end(self._book.closed(message.session), message.reason)
        elif isinstance(message, PictureTaken):
            self._mirror.taken(message)
        else:
            self._on_service(message)

    def _on_service(self, message: FromKiosk) -> None:
        """What concerns the device itself: staff, the mirror, the camera's picture. Outside the lock."""
        if isinstance(message, PreviewWanted):
            if self._preview is not None:
                self._preview(message.on)
        elif self._corner is None:
            return
        elif isinstance(message, StaffCodeTyped):
            self._corner.typed(message.digits)
        elif isinstance(message, StaffStays):
            self._corner.stays()
        elif isinstance(message, StaffLeft):
            self._corner.left()
        elif isinstance(message, RestartAsked):
            self._corner.restart()
        elif isinstance(message, MirrorAllowed) and (self._corner.is_open or not message.on):
            self._mirror.allow(on=message.on)

    def _on_said(self, said: Said) -> None:
        with self._changed:
            self._record(said.event_id, said.body, said.session, EventStored(event_id=said.event_id))

    def _record(
        self, event_id: UUID, body: EventBody, session: UUID, answer: CodeNoticed | EventStored
    ) -> None:
        """Commit, tell the kiosk, send: in this order, so that the station's answer finds the kiosk ready."""

        def stored() -> None:
            self._shown.asked(event_id)
            self._to_kiosk(answer)

        recorded = self._scribe.record(event_id, body, session, self._shown.open_sale, on_stored=stored)
        if recorded != "stored":
            self._to_kiosk(EventNotStored(event_id=event_id, reason=recorded))
        elif not self._shown.is_served:
            self._shown.tell_link()
        self._book.spoke(session)
        self._changed.notify_all()

    def _tell_end(
        self, ended: EndedSession | None, reason: Literal["done", "idle", "left", "paid", "restarted"]
    ) -> None:
        if ended is not None and ended.has_events:
            self._scribe.record(new_id(), SessionEnded(reason=reason), ended.id, None)

    def _signature(self, text: str) -> Signature:
        scanned = classify(text)
        if self._verifier is None or not isinstance(scanned, ScannedCard):
            return "none"
        return "bad" if isinstance(self._verifier.verify(scanned.text), Rejected) else "good"

    def _end_quiet_sessions(self, stopping: threading.Event) -> None:
        with self._changed:
            while not stopping.is_set():
                self._tell_end(self._book.expired(), "idle")
                self._watch.check()
                ends_s = [
                    at_s for at_s in (self._book.deadline_s, self._watch.deadline_s) if at_s is not None
                ]
                self._changed.wait(max(0.01, min(ends_s) - self._clock.monotonic_s()) if ends_s else None)
