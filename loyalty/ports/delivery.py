"""Exactly-once bookkeeping of what comes from and goes to the broker."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from loyalty.domain.delivery import DeadLetter, OutboundMessage, ProcessedEvent


class Inbox(Protocol):
    """Events that have had their effect."""

    def find(self, source: str, event_id: UUID) -> ProcessedEvent | None: ...

    def add(self, event: ProcessedEvent) -> None:
        """Note the event in the transaction of its effect.

        Raises:
            ConflictError: It is there already; another writer was faster.
        """

    def purge(self, before: datetime) -> int:
        """Forget events processed before; returns how many."""


class DeadLetters(Protocol):
    """Payloads that could not be taken."""

    def add(self, letter: DeadLetter) -> None:
        """Keep it; the payload is cut to ``MAX_DEAD_PAYLOAD_BYTES``."""

    def recent(self, limit: int) -> Sequence[DeadLetter]:
        """Newest first."""

    def count(self) -> int: ...


class Outbound(Protocol):
    """Messages to publish after the transaction that wrote them."""

    def add(self, message: OutboundMessage) -> None: ...

    def unpublished(self, limit: int) -> Sequence[OutboundMessage]:
        """Oldest first."""

    def mark_published(self, message_ids: Sequence[UUID], at: datetime) -> None: ...

    def purge_published(self, before: datetime) -> int: ...
