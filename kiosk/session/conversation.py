"""The state of the conversation and the few ways in which it changes."""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal
from uuid import UUID

from kiosk.session.limits import Limits
from kiosk.session.number_rate import NumberRate
from kiosk.session.phone_entry import PhoneEntry, forget_numbers
from kiosk.session.view import Consent, Shop, Step, View
from kiosk.session.visit import Visit
from messaging.local.from_kiosk import FromKiosk, Said, SaidBody, SessionClosed, SessionStarted
from messaging.model import Why
from runtime.clock import Clock
from runtime.ids import new_id

_log = logging.getLogger(__name__)

EndReason = Literal["done", "idle", "left", "paid", "restarted"]

_REMEMBERED_SESSIONS = 32


class Conversation:
    """View, current visit and timers. One thread: the one that draws.

    Args:
        clock: Only its monotonic time is used.
        say: Takes each message for the device process.
    """

    def __init__(self, clock: Clock, say: Callable[[FromKiosk], None], limits: Limits, shop: Shop) -> None:
        self.limits = limits
        self.view = View(
            why=Why(code="starting"),
            shop=shop,
            language=shop.languages[0],
            phone=PhoneEntry(region=shop.region),
        )
        self.visit: Visit | None = None
        self.trail: list[Step] = []
        self.listeners: list[Callable[[View], None]] = []
        self.touched_s = clock.monotonic_s()
        self.entered_s = self.touched_s
        self.asked_s = self.touched_s
        """When the last question was put to the station."""
        self.number_rate = NumberRate(limits)
        self.ended: deque[UUID] = deque(maxlen=_REMEMBERED_SESSIONS)
        self.wants_restart = False
        """Staff want the screen's process to start anew."""
        self.mirror_until_s: float | None = None
        """Until when staff let the screen be mirrored."""
        self._clock = clock
        self._say = say

    def say(self, message: FromKiosk) -> None:
        """Tell the device process something that is no event."""
        self._say(message)

    def now_s(self) -> float:
        return self._clock.monotonic_s()

    def customer_is_there(self) -> None:
        """Somebody touched: quiet begins anew, and a warning goes."""
        self.touched_s = self.now_s()
        self.show(warning_s=None)

    def show(self, **changes: Any) -> None:
        """Change parts of the view and tell the listeners, if anything is different."""
        new = replace(self.view, **changes)
        if new != self.view:
            self.view = new
            for listener in self.listeners:
                listener(new)

    def go(self, step: Step, **changes: Any) -> None:
        """Show a step; its time begins now."""
        self.entered_s = self.now_s()
        gone = {"warning_s": None, "choosing_language": False, "notice": None, "history_pending": False}
        self.show(**{"step": step, **gone, **changes})

    def forward(self, step: Step, **changes: Any) -> None:
        """Show a step from which "Back" leads here again."""
        self.trail.append(self.view.step)
        self.go(step, **changes)

    def home_step(self) -> Step:
        """What shows while nobody talks to the kiosk."""
        return Step.SALE if self.view.sale_has_lines else Step.IDLE

    def open_visit(self, session: UUID | None = None) -> Visit:
        """Begin a session; with an id where the device has begun it for a scan."""
        sale = self.view.sale
        self.visit = Visit(id=session or new_id(), sale=sale.sale if sale else None)
        self.trail.clear()
        self.touched_s = self.now_s()
        if session is None:
            self._say(SessionStarted(session=self.visit.id))
        return self.visit

    def close_visit(self, reason: EndReason) -> None:
        """End the session, if one is open, and drop all personal data of it."""
        if self.visit is not None:
            self._say(SessionClosed(session=self.visit.id, reason=reason))
            self.ended.append(self.visit.id)
            self.visit = None
        self.trail.clear()
        forget_numbers()

    def go_home(self, *, keep_language: bool = False) -> None:
        """Show what shows while nobody talks, with nothing left of the last customer."""
        view = self.view
        fresh = View(
            shop=view.shop,
            online=view.online,
            sale=view.sale,
            mirror_s=view.mirror_s,
            phone=PhoneEntry(region=view.shop.region),
            language=view.language if keep_language and view.sale_has_lines else view.shop.languages[0],
        )
        self.go(self.home_step(), **_all_but_step(fresh))

    def tell(self, step: Step, **changes: Any) -> None:
        """Show a telling screen after the session ended: shop, sale and language stay, nothing personal."""
        view = self.view
        fresh = View(
            shop=view.shop,
            online=view.online,
            sale=view.sale,
            mirror_s=view.mirror_s,
            phone=PhoneEntry(region=view.shop.region),
            language=view.language,
            larger_text=view.larger_text,
            more_time=view.more_time,
            read_aloud=view.read_aloud,
        )
        self.go(step, **{**_all_but_step(fresh), **changes})

    def send_event(self, body: SaidBody) -> UUID:
        """Say something that becomes an event; needs an open visit."""
        visit = self.visit or self.open_visit()
        said = Said(event_id=new_id(), session=visit.id, body=body)
        visit.events[said.event_id] = body.kind
        visit.unstored[said.event_id] = said
        self._say(said)
        return said.event_id

    def say_again(self) -> None:
        """After the device process came back: the session it forgot, and what it may not have kept."""
        if self.visit is not None:
            self._say(SessionStarted(session=self.visit.id))
            for said in self.visit.unstored.values():
                self._say(said)

    def ask(self, body: SaidBody) -> None:
        """Say something whose answer the account's screens wait for."""
        self.asked_s = self.now_s()
        event_id = self.send_event(body)
        if self.visit is not None:
            self.visit.awaited = event_id

    def forget_entry(self) -> None:
        """Drop what was typed, keeping the rest of the session."""
        self.show(phone=PhoneEntry(region=self.view.shop.region), consent=Consent())
        forget_numbers()


def _all_but_step(view: View) -> dict[str, Any]:
    return {name: getattr(view, name) for name in View.__slots__ if name != "step"}
