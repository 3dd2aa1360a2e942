"""What came in, went out and could not be taken, in memory; a gateway that answers as told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from loyalty.domain.delivery import MAX_DEAD_PAYLOAD_BYTES, DeadLetter, OutboundMessage, ProcessedEvent
from loyalty.domain.message import MemberMessage, MessageState
from loyalty.errors import ConflictError
from loyalty.ports.messages import GatewayAnswer, GatewayOutcome
from tests.fakes.loyalty_tables import Repository


class InMemoryMessages(Repository):
    def queue(self, message: MemberMessage) -> bool:
        if self.knows(message.event_key):
            return False
        self._tables.messages[message.id] = message
        return True

    def knows(self, event_key: str) -> bool:
        return any(message.event_key == event_key for message in self._tables.messages.values())

    def queued(self, limit: int) -> Sequence[MemberMessage]:
        found = [m for m in self._tables.messages.values() if m.state is MessageState.QUEUED]
        return sorted(found, key=lambda message: (message.queued_at, message.id))[:limit]

    def recent(self, limit: int) -> Sequence[MemberMessage]:
        return sorted(self._tables.messages.values(), key=lambda message: message.id, reverse=True)[:limit]

    def forget(self, customer_id: UUID) -> None:
        for message in list(self._tables.messages.values()):
            if message.customer_id == customer_id:
                is_queued = message.state is MessageState.QUEUED
                state, detail = (
                    (MessageState.DROPPED, "erased") if is_queued else (message.state, message.detail)
                )
                self._tables.messages[message.id] = replace(
                    message, to="", body="", html=None, opt_out_link=None, state=state, detail=detail
                )

    def settle(self, message_id: UUID, state: MessageState, attempts: int, at: datetime) -> None:
        message = self._tables.messages[message_id]
        self._tables.messages[message_id] = replace(message, state=state, attempts=attempts, settled_at=at)


class InMemoryInbox(Repository):
    def find(self, source: str, event_id: UUID) -> ProcessedEvent | None:
        return self._tables.processed.get((source, event_id))

    def add(self, event: ProcessedEvent) -> None:
        if self.find(event.source, event.event_id) is not None:
            raise ConflictError("processed already")
        self._tables.processed[(event.source, event.event_id)] = event

    def purge(self, before: datetime) -> int:
        old = [key for key, event in self._tables.processed.items() if event.processed_at < before]
        for key in old:
            del self._tables.processed[key]
        return len(old)


class InMemoryDeadLetters(Repository):
    def add(self, letter: DeadLetter) -> None:
        self._tables.dead.append(replace(letter, payload=letter.payload[:MAX_DEAD_PAYLOAD_BYTES]))

    def recent(self, limit: int) -> Sequence[DeadLetter]:
        return sorted(self._tables.dead, key=lambda letter: letter.id, reverse=True)[:limit]

    def count(self) -> int:
        return len(self._tables.dead)


class InMemoryOutbound(Repository):
    def add(self, message: OutboundMessage) -> None:
        self._tables.outbound[message.id] = message

    def unpublished(self, limit: int) -> Sequence[OutboundMessage]:
        waiting = [m for m in self._tables.outbound.values() if m.published_at is None]
        return sorted(waiting, key=lambda message: (message.created_at, message.id))[:limit]

    def mark_published(self, message_ids: Sequence[UUID], at: datetime) -> None:
        for message_id in message_ids:
            message = self._tables.outbound[message_id]
            self._tables.outbound[message_id] = replace(message, published_at=at)

    def purge_published(self, before: datetime) -> int:
        old = [
            message.id
            for message in self._tables.outbound.values()
            if message.published_at is not None and message.published_at < before
        ]
        for message_id in old:
            del self._tables.outbound[message_id]
        return len(old)


class ScriptedGateway:
    """A message gateway that answers as told and remembers what it was handed.

    Args:
        outcomes: Answers in turn; the last one is repeated.
    """

    def __init__(self, *outcomes: GatewayOutcome, is_final: bool = False) -> None:
        self._is_final = is_final
        self._outcomes = list(outcomes) or [GatewayOutcome.ACCEPTED]
        self.sent: list[MemberMessage] = []

    def send(self, message: MemberMessage) -> GatewayAnswer:
        self.sent.append(message)
        outcome = self._outcomes[0] if len(self._outcomes) == 1 else self._outcomes.pop(0)
        return GatewayAnswer(outcome, is_final=self._is_final)
