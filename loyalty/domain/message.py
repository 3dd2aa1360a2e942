"""Messages to members: queued in the transaction that caused them, sent afterwards, each once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class MessageKind(StrEnum):
    """What a message tells."""

    WELCOME = "welcome"
    """With the link to the status page (row 117)."""
    POINTS_EARNED = "points_earned"
    STATUS_LINK = "status_link"
    """A new link, the old ones being void."""


class MessageState(StrEnum):
    """Where a message is on its way."""

    QUEUED = "queued"
    SENT = "sent"
    REFUSED = "refused"
    """The gateway said no for good."""
    UNKNOWN = "unknown"
    """Nobody knows whether it went out: a person decides, it is not sent again by itself."""


@dataclass(frozen=True, slots=True)
class MemberMessage:
    """One message to one member. ``event_key`` is unique: one event, one message (X7)."""

    id: UUID
    event_key: str
    kind: MessageKind
    customer_id: UUID
    to: str
    """E.164 number."""
    language: str
    body: str
    queued_at: datetime
    state: MessageState = MessageState.QUEUED
    attempts: int = 0
    settled_at: datetime | None = None


MessageParams = Mapping[str, int | str]
"""What the wording of a message is made from."""
