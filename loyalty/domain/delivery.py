"""Records behind exactly-once: events processed, events refused for good, messages to publish."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ProcessedEvent:
    """An event that has had its effect. Its key is (source, event id); the source is a certificate name."""

    source: str
    event_id: UUID
    digest: bytes
    """SHA-256 of the payload: another payload under the same id is a fault, not a repetition."""
    result: str
    """JSON text of the answer, given again word for word."""
    processed_at: datetime


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A payload that could not be taken, kept for a person to look at."""

    id: UUID
    reason: str
    """Stable code: ``malformed``, ``unknown_version``, ``oversized``, ``id_reused`` …"""
    source: str
    topic: str
    payload: bytes
    """At most ``MAX_DEAD_PAYLOAD_BYTES``, cut there."""
    received_at: datetime


@dataclass(frozen=True, slots=True)
class OutboundMessage:
    """A message that a transaction wants published once it has committed."""

    id: UUID
    topic: str
    payload: bytes
    created_at: datetime
    published_at: datetime | None = None


MAX_DEAD_PAYLOAD_BYTES = 16 * 1024
