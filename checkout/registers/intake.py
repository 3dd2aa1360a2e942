"""Takes questions of registers from the broker, each order exactly once; see ``checkout.subscribers.intake``.

Answer and effect are one transaction. Published after the commit, then acknowledged: if the station dies in
between, the register asks again and gets the stored answer. What cannot be read is kept as a dead letter,
and answered where its id can be read, so that nothing is asked for ever.
"""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import Field, TypeAdapter

from checkout.once_taken import Turn, take_turn
from checkout.registers.deeds import QUESTIONS
from checkout.registers.once import Once
from checkout.registers.service import AskedOnce, ask_once
from checkout.subscribers.outcome import bury
from checkout.writer import Writer
from loyalty.domain.delivery import ProcessedEvent
from loyalty.domain.register import Register
from loyalty.domain.why import Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from messaging.codec import decode, encode, readable_id
from messaging.errors import CardNumberError, MalformedMessageError, MessagingError, OversizedMessageError
from messaging.model import Why
from messaging.mqtt import Delivery
from messaging.register.answered import Answer, LaneNow, SaleRecorded
from messaging.register.asked import AskLane
from messaging.register.card import without_card_numbers
from messaging.register.envelope import RegisterAnswered, RegisterAsked
from messaging.repeated_keys import repeated_key
from messaging.topics import asking_register

_log = logging.getLogger(__name__)
_ANSWER: TypeAdapter[Answer] = TypeAdapter(Annotated[Answer, Field(discriminator="kind")])


@dataclass(frozen=True)
class Heard:
    """A question as it came, or why it is none."""

    name: str
    payload: bytes
    asked: RegisterAsked | None
    fault: str = ""
    question_id: UUID | None = None
    at: str = ""
    """The fields that are at fault."""

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(self.payload).digest()


@dataclass(frozen=True)
class Answered:
    """What is to be published after the commit, and what is to follow it."""

    name: str
    payload: bytes | None
    outcome: AskedOnce | None = None


class RegisterIntake:
    """Where the ask branches go. ``take`` is called on the link's thread and returns at once.

    Args:
        ctx: What the use cases share.
        writer: Runs the transactions.
        publish: Called on the writer's thread after each commit; must not block.
    """

    def __init__(
        self, ctx: ServiceContext, writer: Writer[UnitOfWork], publish: Callable[[Answered], None]
    ) -> None:
        self._ctx = ctx
        self._writer = writer
        self._publish = publish

    def take(self, delivery: Delivery) -> None:
        """Queue the question; it is acknowledged once it is dealt with for good."""
        heard = read_question(asking_register(delivery.topic) or "", delivery.payload)

        def after(answered: Answered) -> None:
            self._publish(answered)
            delivery.acknowledge()

        take_turn(
            self._writer,
            Turn(
                delivery,
                lambda unit: self._apply(unit, heard, delivery.topic),
                after,
                lambda unit: self._bury(unit, heard, delivery.topic, "internal", is_answered=True),
                self._publish,
                {"register": heard.name},
            ),
        )

    def _apply(self, unit: UnitOfWork, heard: Heard, topic: str) -> Answered:
        register = unit.registers.by_certificate(heard.name)
        if register is None:
            return self._bury(unit, heard, topic, "register_unknown", is_answered=False)
        if heard.asked is None:
            return self._bury(unit, heard, topic, heard.fault, is_answered=True)
        before = unit.inbox.find(_source(register), heard.asked.id)
        if before is not None and before.digest != heard.digest:
            return self._bury(unit, heard, topic, "id_reused", is_answered=True)
        if before is not None and before.result:
            return Answered(heard.name, before.result.encode())
        if before is not None:
            return self._fresh(unit, register, heard.asked, heard.name)
        return self._effect(unit, register, heard.asked, heard)

    def _effect(self, unit: UnitOfWork, register: Register, asked: RegisterAsked, heard: Heard) -> Answered:
        outcome = ask_once(self._ctx, register.id, asked.lane, asked.ask, request_key=None)(unit)
        payload, is_kept = self._answer(asked.id, outcome.once)
        if not isinstance(asked.ask, QUESTIONS):
            kept = payload.decode() if is_kept else ""
            now = self._ctx.clock.now()
            unit.inbox.add(ProcessedEvent(_source(register), asked.id, heard.digest, kept, now))
        return Answered(heard.name, payload, outcome)

    def _fresh(self, unit: UnitOfWork, register: Register, asked: RegisterAsked, name: str) -> Answered:
        """Of an answer that held a name: the lane as it is now."""
        outcome = ask_once(self._ctx, register.id, asked.lane, AskLane(), request_key=None)(unit)
        return Answered(name, self._answer(asked.id, outcome.once)[0])

    def _answer(self, question_id: UUID, once: Once | Refused) -> tuple[bytes, bool]:
        """The bytes, and whether they may be kept."""
        if isinstance(once, Refused):
            return self._refusal(question_id, refusal_why(once)), True
        answer = _ANSWER.validate_json(once.body)
        message = RegisterAnswered(to=question_id, outcome="done", at=self._ctx.clock.now(), answer=answer)
        return _fitting(message), not isinstance(answer, LaneNow)

    def _refusal(self, question_id: UUID, why: Why) -> bytes:
        return encode(RegisterAnswered(to=question_id, outcome="refused", why=why, at=self._ctx.clock.now()))

    def _bury(
        self, unit: UnitOfWork, heard: Heard, topic: str, reason: str, *, is_answered: bool
    ) -> Answered:
        _log.warning("a question was refused", extra={"reason": reason, "register": heard.name})
        now = self._ctx.clock.now()
        payload = b"" if reason == CardNumberError.code else without_card_numbers(heard.payload)
        bury(unit, reason=reason, source=heard.name, topic=topic, payload=payload, at=now)
        if not is_answered or heard.question_id is None:
            return Answered(heard.name, None)
        why = Why(code=reason, params={"at": heard.at} if heard.at and reason == heard.fault else {})
        return Answered(heard.name, self._refusal(heard.question_id, why))


def read_question(name: str, payload: bytes) -> Heard:
    """The question in a payload that arrived on the register's own topic; never raises."""
    try:
        asked = decode(payload, RegisterAsked)
    except MessagingError as error:
        text, at = readable_id(payload), str(error.fields.get("at", ""))
        try:
            return Heard(name, payload, None, error.code, UUID(text) if text is not None else None, at)
        except ValueError:
            return Heard(name, payload, None, error.code)
    if (repeated := repeated_key(payload)) is not None:
        return Heard(name, payload, None, MalformedMessageError.code, asked.id, repeated)
    return Heard(name, payload, asked, question_id=asked.id)


def _source(register: Register) -> str:
    return f"register:{register.id}:mqtt"


def refusal_why(refused: Refused) -> Why:
    """A refusal by its own code: what stands in ``docs/companion.md``."""
    return Why(code=refused.reason.value, params=dict(refused.params))


def _fitting(message: RegisterAnswered) -> bytes:
    """The answer; without the lines of its slip where they would not pass the broker."""
    try:
        return encode(message)
    except OversizedMessageError:
        if not isinstance(message.answer, SaleRecorded):
            raise
        slip = message.answer.slip.model_copy(update={"lines": ()})
        return encode(message.model_copy(update={"answer": message.answer.model_copy(update={"slip": slip})}))
