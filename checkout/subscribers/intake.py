"""Takes events in, each exactly once: lookup, effect, result and outgoing messages in one transaction.

After the commit the result is published and the message acknowledged, in this order, on the writer's
thread. If the station dies between commit and publishing, the device sends the event again and gets the
stored result. Every message is acknowledged in the end: what cannot be taken is kept as a dead letter, so
that nothing is sent for ever.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from uuid import UUID

from checkout.even_pace import Pace
from checkout.lanes import LaneDevices
from checkout.once_taken import Turn, take_turn
from checkout.refresh import LaneNews
from checkout.subscribers.handlers import handle
from checkout.subscribers.identified import tell_pos
from checkout.subscribers.outcome import bury, refusal_bytes, remember, result_bytes
from checkout.subscribers.reading import ReadEvent, UnreadableEvent, read_event
from checkout.till.view import NoticeView
from checkout.writer import Writer
from loyalty.domain.delivery import OutboundMessage
from loyalty.domain.shop import Lane
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from messaging.events.consent_given import ConsentGiven
from messaging.events.number_typed import NumberTyped
from messaging.events.one_time_code_entered import OneTimeCodeEntered
from messaging.events.one_time_code_requested import OneTimeCodeRequested
from messaging.events.phone_change_requested import PhoneChangeRequested
from messaging.mqtt import Delivery
from messaging.seal import Opener
from messaging.station.show import Noted
from messaging.topics import parse_device_topic

_log = logging.getLogger(__name__)


_ON_A_BEAT = (NumberTyped, ConsentGiven, OneTimeCodeRequested, PhoneChangeRequested)
"""Whatever a number that proves nothing may ask: time tells no stranger whose it is."""

_MAY_TELL_MEMBER = (ConsentGiven, OneTimeCodeRequested, OneTimeCodeEntered, PhoneChangeRequested)


@dataclass(frozen=True)
class Taken:
    """What is to be published after the commit."""

    device: str
    result: bytes | None
    is_repeated: bool = False
    notice: NoticeView | None = None
    news: LaneNews | None = None
    """The lane as the event left it; None where it is to be read again."""
    outbound: tuple[OutboundMessage, ...] = field(default=())
    may_tell_member: bool = False
    """A message to a member may have been queued."""
    asked_s: float | None = None
    """When the question came (monotonic), where its answer waits for a beat (:mod:`checkout.even_pace`)."""


class EventIntake:
    """Where event deliveries go. ``take`` is called on the link's thread and returns at once.

    Args:
        store: Store part of the topics.
        ctx: What the use cases share.
        opener: Opens what devices sealed.
        lanes: The devices we answer to; anyone else's message is a dead letter.
        writer: Runs the transactions.
        look: Reads a lane in the event's own transaction, for its till pages and its device.
        publish: Called on the writer's thread after each commit; must not block.
        pace: Holds back what could tell something by its time.
    """

    def __init__(
        self,
        *,
        store: str,
        ctx: ServiceContext,
        opener: Opener,
        lanes: LaneDevices,
        writer: Writer[UnitOfWork],
        look: Callable[[UnitOfWork, Lane, NoticeView | None], LaneNews],
        publish: Callable[[Taken], None],
        pace: Pace,
    ) -> None:
        self._store = store
        self._ctx = ctx
        self._opener = opener
        self._lanes = lanes
        self._writer = writer
        self._look = look
        self._publish = publish
        self._pace = pace

    def take(self, delivery: Delivery) -> None:
        """Queue the event; it is acknowledged once it is dealt with for good."""
        device = parse_device_topic(delivery.topic).device
        asked_s = time.monotonic()
        event = read_event(device, delivery.payload, self._opener)
        on_a_beat = isinstance(event, ReadEvent) and isinstance(event.body, _ON_A_BEAT)

        def after(taken: Taken) -> None:
            if on_a_beat:
                self._publish(replace(taken, asked_s=asked_s))
                self._pace.hold(asked_s, delivery.acknowledge)
            else:
                self._publish(taken)
                delivery.acknowledge()

        take_turn(
            self._writer,
            Turn(
                delivery,
                lambda unit: self._apply(unit, event, delivery),
                after,
                lambda unit: self._refuse_for_good(unit, event, delivery, "internal", answer=True),
                self._publish,
                {"device": device, "event_id": _id_text(event.event_id)},
            ),
        )

    def _apply(self, unit: UnitOfWork, event: ReadEvent | UnreadableEvent, delivery: Delivery) -> Taken:
        if self._lanes.of_device(event.device) is None:
            return self._refuse_for_good(unit, event, delivery, "unknown_device", answer=False)
        if event.event_id is None:
            return self._refuse_for_good(unit, event, delivery, _reason(event), answer=False)
        before = unit.inbox.find(event.device, event.event_id)
        if before is not None:
            if before.digest != event.digest:
                _log.warning("an id came with another payload", extra={"event_id": str(event.event_id)})
                self._bury(unit, event, delivery, "id_reused")
            answer = before.result.encode() or self._bare_answer(event)  # emptied when its person was erased
            return Taken(event.device, answer, is_repeated=True)
        if isinstance(event, UnreadableEvent):
            return self._refuse_for_good(unit, event, delivery, event.reason, answer=True)
        return self._effect(unit, event)

    def _bare_answer(self, event: ReadEvent | UnreadableEvent) -> bytes | None:
        """That the event was taken, and nothing to show for it."""
        if event.event_id is None:
            return None
        session = event.envelope.session if isinstance(event, ReadEvent) else None
        return result_bytes(event.event_id, session, self._ctx.clock.now(), Noted(), None)

    def _effect(self, unit: UnitOfWork, event: ReadEvent) -> Taken:
        handled = handle(unit, self._ctx, event)
        now = self._ctx.clock.now()
        answer = result_bytes(event.event_id, event.envelope.session, now, handled.show, handled.refused)
        remember(unit, event.device, event.event_id, digest=event.digest, answer=answer, at=now)
        outbound: tuple[OutboundMessage, ...] = ()
        if handled.identified is not None:
            told = tell_pos(
                unit,
                self._ctx,
                self._store,
                handled.identified,
                handled.account_view,
                event_id=event.event_id,
            )
            outbound = (told,)
        return Taken(
            event.device,
            answer,
            notice=handled.notice,
            news=self._news(unit, event.device, handled.notice),
            outbound=outbound,
            may_tell_member=isinstance(event.body, _MAY_TELL_MEMBER),
        )

    def _news(self, unit: UnitOfWork, device: str, notice: NoticeView | None) -> LaneNews | None:
        """The lane from what the use case has loaded already: 0.8 ms sooner at the till than reading it anew.

        Of a backlog only the end is shown.
        """
        lane = self._lanes.of_device(device)
        if lane is None or self._writer.has_more:
            return None
        try:
            return self._look(unit, lane, notice)
        except Exception:  # noqa: BLE001 - what cannot be shown has happened all the same
            _log.exception("a lane cannot be shown")
            return None

    def _refuse_for_good(
        self,
        unit: UnitOfWork,
        event: ReadEvent | UnreadableEvent,
        delivery: Delivery,
        reason: str,
        *,
        answer: bool,
    ) -> Taken:
        _log.warning("a message was refused", extra={"reason": reason, "device": event.device})
        self._bury(unit, event, delivery, reason)
        if not answer or event.event_id is None:
            return Taken(event.device, None)
        now = self._ctx.clock.now()
        refusal = refusal_bytes(event.event_id, now, reason)
        remember(unit, event.device, event.event_id, digest=event.digest, answer=refusal, at=now)
        return Taken(event.device, refusal)

    def _bury(
        self, unit: UnitOfWork, event: ReadEvent | UnreadableEvent, delivery: Delivery, reason: str
    ) -> None:
        bury(
            unit,
            reason=reason,
            source=event.device,
            topic=delivery.topic,
            payload=delivery.payload,
            at=self._ctx.clock.now(),
        )


def _reason(event: ReadEvent | UnreadableEvent) -> str:
    return event.reason if isinstance(event, UnreadableEvent) else "unknown_device"


def _id_text(event_id: UUID | None) -> str:
    return str(event_id) if event_id is not None else "-"
